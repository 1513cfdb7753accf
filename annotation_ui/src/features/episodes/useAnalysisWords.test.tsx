import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import { useAnalysisWords } from "./useAnalysisWords";

afterEach(() => i18next.changeLanguage("en"));

test.each([
  ["en", "Video: encoding", "Looks of shots"],
  ["zh-Hans", "视频: 编码", "镜头外观"],
])("what workers say is said in %s", async (language, now, waiting) => {
  await i18next.changeLanguage(language);
  const { both } = renderHook(() => useAnalysisWords()).result.current;
  expect(both("proxy: transcoding")).toBe(now);
  expect(both("shot_looks")).toBe(waiting);
});

test("what is not in the list stays as it is", () => {
  const { both, failure, stepName } = renderHook(() => useAnalysisWords()).result.current;
  expect(both("shots: clip 3: toString")).toBe("Shots: clip 3: toString");
  expect(stepName("constructor")).toBe("constructor");
  expect(failure("toString")).toBe("");
});
