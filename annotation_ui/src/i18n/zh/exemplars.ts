import type { exemplars as english } from "../en/exemplars";
import type { Translation } from "../translation";

export const exemplars: Translation<typeof english> = {
  exemplars: {
    title: "示例",
    none: "还没有标签有示例。",
    use: "用作示例",
    useFor: "“{{label}}”的示例",
    useLead: "标注员会在标注指南旁看到它。每个标签只有一个示例，新的会取代旧的。",
    isFor: "这是“{{label}}”的示例",
    note: "看什么（可不填）",
    remove: "不再用作示例",
    context: "允许标注员观看片段之前的内容",
    contextLead: "观看时长随每个回答一起保存，研究时可以区分这些回答。",
    contextSeconds: "片段之前的秒数",
  },
  answers: {
    title: "回答",
    none: "还没有已完成片段的回答，或没有符合条件的回答。",
    clip: "片段",
    character: "角色",
    label: "标签",
    annotator: "标注员",
    remarks: "备注",
    allLabels: "全部标签",
    onlyUnsure: "仅不确定的",
    onlyCommented: "仅有评论的",
    open: "{{clip}}，{{character}}，{{annotator}}",
    isExemplar: "该标签的示例",
    watched: "观看了片段前的 {{time}}",
  },
};
