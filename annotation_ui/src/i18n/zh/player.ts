import type { player as english } from "../en/player";
import type { Translation } from "../translation";

export const player: Translation<typeof english> = {
  player: {
    video: "视频：{{title}}",
    controls: "播放器",
    waiting: "视频加载中",
    failed: "视频无法播放。请检查网络并重新加载页面。",
    play: "播放或暂停",
    restart: "从头播放片段",
    back: "后退 5 秒",
    forward: "前进 5 秒",
    backShort: "后退 1 秒",
    forwardShort: "前进 1 秒",
    frameBack: "后退一帧",
    frameForward: "前进一帧",
    slower: "减速",
    faster: "加速",
    speed: "速度 {{rate}}",
    lines: "字幕",
    quieter: "调低音量",
    louder: "调高音量",
    volume: "音量",
    mute: "静音",
    position: "视频位置",
  },
};
