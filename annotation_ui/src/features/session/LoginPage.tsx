import { Alert, Button, Paper, PasswordInput, SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertCircle } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLogIn } from "../../api/session";
import type { Language } from "../../api/types";
import { useErrorText } from "../../components/errorText";
import { LANGUAGES, showLanguage, shownLanguage } from "../../i18n";
import classes from "./LoginPage.module.css";

export function LoginPage() {
  const { t } = useTranslation();
  const logIn = useLogIn();
  const errorText = useErrorText();
  const password = useRef<HTMLInputElement>(null);
  const form = useForm({
    initialValues: { username: "", password: "" },
    validate: {
      username: (value) => (value.trim() ? null : t("login.missingName")),
      password: (value) => (value ? null : t("login.missingPassword")),
    },
  });

  function submit(values: { username: string; password: string }) {
    logIn.mutate({ ...values, username: values.username.trim() }, { onError: () => password.current?.select() });
  }

  return (
    <main className={classes.page}>
      <Paper className={classes.card ?? ""} withBorder radius="lg" p={32}>
        <form onSubmit={form.onSubmit(submit)} noValidate>
          <Stack gap="md">
            <div>
              <img src="/assets/icon.svg" alt="" width={40} height={40} />
              <Title order={1} size="h2" mt="sm">
                {t("app.name")}
              </Title>
              <Text c="dimmed" size="sm">
                {t("login.lead")}
              </Text>
            </div>
            {logIn.isError && (
              <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">
                {errorText(logIn.error)}
              </Alert>
            )}
            <TextInput
              label={t("login.username")}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              {...form.getInputProps("username")}
            />
            <PasswordInput
              ref={password}
              label={t("login.password")}
              autoComplete="current-password"
              {...form.getInputProps("password")}
            />
            <Button type="submit" loading={logIn.isPending} fullWidth>
              {t("login.submit")}
            </Button>
          </Stack>
        </form>
      </Paper>
      <SegmentedControl
        aria-label={t("app.language")}
        size="xs"
        value={shownLanguage()}
        onChange={(language) => showLanguage(language as Language)}
        data={(Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))}
      />
    </main>
  );
}
