import { ActionIcon, Avatar, FileButton, Group, Loader, Text, Tooltip } from "@mantine/core";
import { IconPhotoPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { SeriesCharacter } from "../../api/types";
import classes from "./SeriesPage.module.css";

interface Props {
  character: SeriesCharacter;
  onUpload: (picture: File) => void;
  onForget: (reference: number) => void;
}

/** The pictures by which a character's face is known. */
export function References({ character, onUpload, onForget }: Props) {
  const { t } = useTranslation();
  const { name, references } = character;
  return (
    <Group gap={6}>
      {references.map(({ id, picture_url, reading, error }, place) => (
        <Tooltip
          key={id}
          label={error || t("series.reading")}
          disabled={!error && !reading}
          withArrow
          multiline
          maw={260}
        >
          <div className={classes.reference} data-error={error ? true : undefined}>
            {reading ? (
              <Loader size={18} aria-label={t("series.reading")} />
            ) : (
              <Avatar src={picture_url} size={44} radius="md" alt={t("series.picture", { name, number: place + 1 })}>
                {error ? "!" : ""}
              </Avatar>
            )}
            <ActionIcon
              className={classes.forget ?? ""}
              size={18}
              radius="xl"
              color="gray"
              variant="filled"
              aria-label={t("series.forget", { name, number: place + 1 })}
              onClick={() => onForget(id)}
            >
              <IconX size={12} />
            </ActionIcon>
          </div>
        </Tooltip>
      ))}
      <FileButton accept="image/jpeg,image/png" onChange={(file) => file && onUpload(file)}>
        {(props) => (
          <Tooltip label={t("series.upload", { name })} withArrow>
            <ActionIcon {...props} variant="default" size={44} aria-label={t("series.upload", { name })}>
              <IconPhotoPlus size={20} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
      </FileButton>
      {references.some(({ error }) => error) && (
        <Text size="xs" c="red" role="alert">
          {references.find(({ error }) => error)?.error}
        </Text>
      )}
    </Group>
  );
}
