// Sentences for errors of alarms and of what watches over the log.
import type { Sentences } from "./sentences";

export const MONITOR_ERRORS: Sentences = {
  "nothing-set-aside": ["本会话没有停滞的后台工作。", "No background work of this session stands still."],
  "unexpected-error": ["程序发生意外错误，请联系技术人员。", "The program failed unexpectedly; tell the technicians."],
  "alarm-unknown": ["这条报警已经解除。", "This alarm has been cleared."],
  "reason-missing": ["请写明处理情况。", "Please say what is being done."],
  "reason-too-long": ["处理情况过长，请精简。", "This is too long; please shorten it."],
  "webhook-unreachable": [
    "报警的接收方没有应答，系统会自动重试。",
    "Who is told of alarms does not answer; it is tried again.",
  ],
  "webhook-refused": [
    "报警的接收方拒绝接收，系统会自动重试。",
    "Who is told of alarms does not take them; it is tried again.",
  ],

  // what the monitor finds
  "anchor-overdue": ["记录等待上链的时间过长。", "Entries have waited too long for the chain."],
  "clock-jumped": ["本机时钟突然跳变。", "This machine's clock has jumped."],
  "clocks-differ": [
    "本机与另一中心的时钟相差超过十秒。",
    "This machine's clock and another centre's differ by more than ten seconds.",
  ],
  "disk-nearly-full": ["磁盘空间即将用尽。", "The disk is nearly full."],
  "disk-full": ["磁盘空间不足，本中心不能启动。", "There is too little space on the disk to start."],
  "folder-not-writable": ["数据目录不可写。", "A folder of the centre's data cannot be written."],
  "index-gap": ["账本中间缺少记录。", "Entries are missing inside the journal."],
  "proposal-expires-soon": ["提案即将过期，尚未决定。", "A proposal soon expires and is not decided."],
  "key-expired": ["密钥或证书已经到期。", "A key or certificate has ended."],
  "key-expires-soon": ["密钥或证书即将到期。", "A key or certificate ends soon."],
  "key-not-valid-yet": ["密钥或证书尚未生效。", "A key or certificate is not valid yet."],
  "leaf-altered": ["账本叶子与记录的承诺不一致。", "A leaf of the log does not fit its record's commitment."],
  "log-withheld": ["对方已上链，但没有出示相应的账本。", "That centre anchored entries that it does not show."],
  "previous-differs": ["记录与前一条记录的摘要不衔接。", "A record does not follow from the one before it."],
  "record-altered": [
    "记录内容与账本中的承诺不一致，可能被改动。",
    "A record does not fit its commitment: it may have been changed.",
  ],
  "root-differs": [
    "本地账本算出的结果与已上链的不一致，可能被改写。",
    "The journal does not give the root that is anchored: it may have been rewritten.",
  ],
  "room-previous-differs": [
    "评标记录与同一席位的前一条不衔接。",
    "A room entry does not follow from its author's entry before.",
  ],
  "room-seq-gap": ["某一席位的评标记录缺号。", "An author's room entries have a gap."],
  "seq-gap": ["项目记录缺号。", "A project's records have a gap."],
  "tiles-unsound": ["账本文件损坏或被改动。", "The log's files are damaged or were changed."],
  "tile-leaf-differs": ["数据库与账本文件不一致。", "The database and the log's files disagree."],
};
