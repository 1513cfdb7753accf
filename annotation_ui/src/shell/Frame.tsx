import { Anchor, Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { sessionQuery } from "../api/session";
import { ErrorPanel } from "../components/ErrorPanel";
import { LoginPage } from "../features/session/LoginPage";
import { showLanguage } from "../i18n";
import { SaveIndicator } from "../saving/SaveIndicator";
import { SavingProvider } from "../saving/SavingProvider";
import classes from "./Frame.module.css";
import { UserMenu } from "./UserMenu";

/** The frame of every page. Without a log-in it shows the log-in page at any address, and the address stays. */
export function Frame() {
  const { t } = useTranslation();
  const session = useQuery(sessionQuery);
  const user = session.data?.user;
  const language = user?.language;
  useEffect(() => {
    if (language) showLanguage(language);
  }, [language]);

  if (session.isPending) {
    return (
      <Center h="100dvh">
        <Loader aria-label={t("app.loading")} />
      </Center>
    );
  }
  if (!session.data) {
    return (
      <Center h="100dvh">
        <ErrorPanel error={session.error} onRetry={() => void session.refetch()} />
      </Center>
    );
  }
  if (!user) return <LoginPage />;
  return (
    <SavingProvider key={user.id} user={user}>
      <div className={classes.frame}>
        <a href="#content" className={classes.skip}>
          {t("app.skip")}
        </a>
        <header className={classes.header}>
          <Anchor component={Link} to="/" className={classes.brand ?? ""} underline="never">
            <img src="/assets/icon.svg" alt="" width={24} height={24} />
            {t("app.name")}
          </Anchor>
          <nav aria-label={t("app.main")} className={classes.nav}>
            <NavLink to="/" end>
              {t("app.myWork")}
            </NavLink>
            {user.is_admin && (
              <>
                <NavLink to="/projects" end>
                  {t("app.projects")}
                </NavLink>
                <NavLink to="/episodes">{t("app.episodes")}</NavLink>
              </>
            )}
            <NavLink to="/characters">{t("app.characters")}</NavLink>
          </nav>
          <SaveIndicator />
          <UserMenu user={user} />
        </header>
        <Content />
      </div>
    </SavingProvider>
  );
}

/**
 * The page. After another address the focus moves here: a screen reader goes on from here, and the link that led here
 * does not keep Enter and Space, which belong to the new page.
 */
function Content() {
  const { pathname } = useLocation();
  const content = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current !== pathname) content.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname]);
  return (
    <main ref={content} id="content" tabIndex={-1} className={classes.main}>
      <Outlet />
    </main>
  );
}
