import type { storyboard as english } from "../en/storyboard";
import type { Translation } from "../translation";

export const storyboard: Translation<typeof english> = {
  storyboard: {
    lead: "故事段由构成同一场景的镜头组成；互动在故事段内查找。",
    episode: "剧集",
    shots: "镜头",
    found: "识别的故事段",
    edits: "合并与拆分",
    located: "查找进度",
    clips: "片段",
    dropped: "已舍弃",
    back: "项目的故事段",
    count_other: "{{count}} 个故事段，共 {{shots}} 个镜头",
    notFound: "尚未识别出这一集的故事段：每个镜头单独成段。",
    scene: "故事段 {{number}}",
    span_other: "{{start}} – {{end}}，{{count}} 个镜头",
    shot: "镜头 {{number}}，{{start}}",
    inThread: "{{name}}，机位 {{letter}}",
    splitAt: "从镜头 {{number}} 开始新的故事段",
    joinBefore: "与上一段合并",
    toggle: "从此镜头开始新的故事段，或合并",
    split: "从这里开始新段",
    join: "与上一段合并",
    before: "上一个镜头",
    next: "下一个镜头",
    sceneBefore: "上一个故事段",
    sceneNext: "下一个故事段",
    undo: "撤销",
    redo: "重做",
  },
};
