import type { clips as english } from "../en/clips";
import type { Translation } from "../translation";

export const clips: Translation<typeof english> = {
  clips: {
    clip: "片段",
    length: "长度",
    people: "人物",
    state: "状态",
    answers: "回答",
    filter: "显示哪些片段",
    shown: {
      all: "全部",
      kept: "参与标注",
      dropped: "已舍弃",
      too_short: "太短",
      too_long: "太长",
      too_few_people: "人数太少",
      too_many_people: "人数太多",
      restored: "已恢复",
    },
    none: "还没有片段。有人查找完一集后会生成片段。",
    noneOfThese: "没有这样的片段。",
    droppedFor: "已舍弃：{{reason}}",
    restore: "恢复",
    restoreOne: "恢复 {{clip}}",
    restoredBy: "由 {{name}} 保留",
    limits: "哪些片段参与标注",
    limitsLead: "超出这些限制的片段会附上原因并被舍弃，可以恢复。修改会作用于尚无人回答的片段。",
    limit: {
      shortest_ms: "最短",
      longest_ms: "最长",
      fewest_people: "最少人数",
      most_people: "最多人数",
      candidates: "候选人数",
    },
  },
};
