import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A page that has one thing to say, and what to do next. */
export function Notice({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <Stack align="center" justify="center" gap="sm" mih="60%" p="xl" ta="center">
      <Title order={1} size="h3">
        {title}
      </Title>
      {text && (
        <Text c="dimmed" maw={460}>
          {text}
        </Text>
      )}
      {children}
    </Stack>
  );
}
