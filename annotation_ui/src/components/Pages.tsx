import { Group, Pagination } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  /** How many rows there are in all, and how many a page holds. */
  count: number | undefined;
  size: number;
  page: number;
  onPage: (page: number) => void;
}

/** The way from page to page of a long list; nothing where one page holds all. */
export function Pages({ count = 0, size, page, onPage }: Props) {
  const { t } = useTranslation();
  const pages = Math.ceil(count / size);
  if (pages <= 1) return null;
  return (
    <Group justify="center" mt="xs">
      <Pagination total={pages} value={page} onChange={onPage} aria-label={t("app.page", { page, pages })} />
    </Group>
  );
}
