import type { keys as english } from "../en/keys";
import type { Translation } from "../translation";

export const keys: Translation<typeof english> = {
  keys: {
    change: "更改按键",
    title: "我的按键",
    lead: "按键设置保存在您的账户中，换一台电脑也有效。在输入框中打字时按键不起作用。",
    everywhere: "所有视频页面",
    pages: {
      personality: "人格问卷",
      home: "我的任务",
      moments: "标记时刻",
      states: "标注片段",
      locate: "查找互动",
      storyboard: "故事板",
      emotions: "项目的情感集",
      runs: "训练的模型",
      people: "人物指认",
      dialogue: "核对对白",
    },
    slot: "“{{label}}”的按键：{{key}}",
    slotOf: "“{{label}}”的第 {{place}} 个按键：{{key}}",
    none: "无按键",
    press: "请按键…",
    pressHint: "请按新的按键。Esc 保持不变，Delete 取消该按键。",
    browser: "{{key}} 由浏览器或系统使用，请按其他键。",
    taken: "{{key}} 已用于“{{label}}”。",
    swap: "交换两个按键",
    swapLead: "“{{label}}”将改用 {{key}}。",
    noSwap: "交换后，{{key}} 会在同一页面对应两个命令，请按其他键。",
    keep: "保持不变",
    reset: "恢复默认",
    resetOf: "恢复“{{label}}”的默认按键",
    resetAll: "恢复全部默认按键",
    changed: "已更改",
    saved: "{{label}}：{{key}}",
  },
};
