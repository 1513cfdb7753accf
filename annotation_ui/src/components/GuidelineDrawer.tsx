import { Drawer, Text, Typography } from "@mantine/core";
import { useTranslation } from "react-i18next";
import Markdown from "react-markdown";
import { ExampleList } from "./ExampleList";

interface Props {
  opened: boolean;
  /** Whose examples are shown; undefined while nothing is open. */
  project: number | undefined;
  title: string;
  text: string;
  /** The label that is being thought about: its example is shown first. */
  label?: string;
  onClose: () => void;
}

/** The project's guideline and examples of its labels, beside the work and not instead of it. */
export function GuidelineDrawer({ opened, project, title, text, label = "", onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="lg"
      title={`${t("guideline.open")}: ${title}`}
      transitionProps={{ duration: 0 }}
    >
      {project !== undefined && <ExampleList project={project} label={label} />}
      {text.trim() ? (
        <Typography>
          <Markdown>{text}</Markdown>
        </Typography>
      ) : (
        <Text c="dimmed">{t("guideline.none")}</Text>
      )}
    </Drawer>
  );
}
