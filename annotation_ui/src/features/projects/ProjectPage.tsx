import { Anchor, Breadcrumbs, Container, Tabs, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { ErrorPanel } from "../../components/ErrorPanel";
import { useIdInUrl } from "../../shell/useIdInUrl";
import { AnswersTab } from "../answers/AnswersTab";
import { ClipsTab } from "../clips/ClipsTab";
import { CrossCheckTab } from "../crosscheck/CrossCheckTab";
import { RelatedTab } from "../relate/RelatedTab";
import { RunsTab } from "../runs/RunsTab";
import { EmotionsTab } from "../samples/EmotionsTab";
import { SamplesTab } from "../samples/SamplesTab";
import { StatisticsTab } from "../statistics/StatisticsTab";
import { StoriesTab } from "../storyboard/StoriesTab";
import { TrainingTab } from "../training/TrainingTab";
import { AgreementTab } from "./AgreementTab";
import { MomentsTab } from "./moments/MomentsTab";
import { OverviewTab } from "./OverviewTab";
import { overviewQuery } from "./queries";
import { ReleasesTab } from "./ReleasesTab";
import { SettingsTab } from "./SettingsTab";

/** The tabs of a project, by its protocol. */
const TABS = {
  memor: ["overview", "moments", "agreement", "emotions", "samples", "said", "releases", "models", "settings"],
  erato: ["overview", "stories", "clips", "training", "crossCheck", "said", "statistics", "releases", "settings"],
} as const;

export function ProjectPage() {
  const { t } = useTranslation();
  const id = useIdInUrl();
  const [search, setSearch] = useSearchParams();
  const overview = useQuery(overviewQuery(id));
  const tabs = TABS[overview.data?.project.protocol ?? "memor"];
  const tab = tabs.find((one) => one === search.get("tab")) ?? "overview";
  return (
    <Container size="xl" py="md">
      <Breadcrumbs fz="sm">
        <Anchor component={Link} to="/projects" fz="sm">
          {t("projects.title")}
        </Anchor>
      </Breadcrumbs>
      <Title order={1} size="h3" mb="sm" mih={34}>
        {overview.data?.project.name}
      </Title>
      {overview.isError && <ErrorPanel error={overview.error} onRetry={() => void overview.refetch()} />}
      <Tabs
        value={tab}
        onChange={(value) => setSearch({ tab: value ?? "overview" }, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`projects.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview" pt="md">
          {overview.data && <OverviewTab overview={overview.data} />}
        </Tabs.Panel>
        <Tabs.Panel value="stories" pt="md">
          <StoriesTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="clips" pt="md">
          <ClipsTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="moments" pt="md">
          <MomentsTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="agreement" pt="md">
          <AgreementTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="emotions" pt="md">
          <EmotionsTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="samples" pt="md">
          <SamplesTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="said" pt="md">
          {overview.data?.project.protocol === "erato" ? <RelatedTab project={id} /> : <AnswersTab project={id} />}
        </Tabs.Panel>
        <Tabs.Panel value="statistics" pt="md">
          <StatisticsTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="releases" pt="md">
          <ReleasesTab project={id} isTrainable={overview.data?.project.protocol === "memor"} />
        </Tabs.Panel>
        <Tabs.Panel value="models" pt="md">
          <RunsTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="training" pt="md">
          <TrainingTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="crossCheck" pt="md">
          <CrossCheckTab project={id} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" pt="md">
          <SettingsTab project={id} protocol={overview.data?.project.protocol} />
        </Tabs.Panel>
      </Tabs>
    </Container>
  );
}
