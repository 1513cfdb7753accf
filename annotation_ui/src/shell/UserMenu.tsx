import { Button, Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconCheck,
  IconChevronDown,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconStopwatch,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useKeepPreferences, useLogOut } from "../api/session";
import type { Language, User } from "../api/types";
import { LANGUAGES, showLanguage, shownLanguage } from "../i18n";

const SCHEMES = [
  { scheme: "light", Icon: IconSun },
  { scheme: "dark", Icon: IconMoon },
  { scheme: "auto", Icon: IconDeviceDesktop },
] as const;

export function UserMenu({ user }: { user: User }) {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const keep = useKeepPreferences();
  const logOut = useLogOut();
  const name = user.full_name || user.username;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          fw={550}
          leftSection={<IconUserCircle size={18} />}
          rightSection={<IconChevronDown size={14} />}
          aria-label={t("app.account", { name })}
        >
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/calibration" leftSection={<IconStopwatch size={16} />}>
          {t("calibration.title")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("app.language")}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={<IconCheck size={16} opacity={language === shownLanguage() ? 1 : 0} />}
            onClick={() => {
              showLanguage(language);
              keep.mutate({ language });
            }}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("app.appearance")}</Menu.Label>
        {SCHEMES.map(({ scheme, Icon }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} />}
            rightSection={scheme === colorScheme && <IconCheck size={16} />}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`app.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} to="/keys" leftSection={<IconKeyboard size={16} />}>
          {t("keys.change")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => logOut.mutate()}>
          {t("app.logOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
