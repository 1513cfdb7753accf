import { Drawer, Text, Typography } from "@mantine/core";
import { useTranslation } from "react-i18next";
import Markdown from "react-markdown";

interface Props {
  opened: boolean;
  title: string;
  text: string;
  onClose: () => void;
}

/** The project's guideline, beside the work and not instead of it. */
export function GuidelineDrawer({ opened, title, text, onClose }: Props) {
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
