// The console's texts about alarms, in English: what happened, what is safe, what to do.
export default {
  title: "Alarms",
  none: "No alarm is open",
  count: "one alarm | {n} alarms",
  critical: "Critical",
  warning: "Warning",
  since: "Since {at}",
  last: "Last seen {at}",
  safe: "Still safe",
  act: "What to do",
  technical: "For whoever looks into it",
  code: "Code",
  expected: "Expected",
  found: "Found",
  record: "Record",
  acknowledge: "I have seen it: say what is done",
  acknowledging: "Acknowledge the alarm",
  consequence:
    "The alarm stays open until what it is about holds again. What you write is recorded in this centre's ledger and cannot be taken back.",
  clockConsequence:
    "From now on this machine's present time counts. What you write is recorded in this centre's ledger and cannot be taken back.",
  reason: "What is being done",
  send: "Record it",
  acknowledged: "Seen by {by} at {at}: {reason}",
  name: {
    fork: {
      title: "Two histories",
      safe: "What is anchored has not changed and other centres hold copies: anybody can compare with them.",
      act:
        "Tell the supervisor and the centre concerned at once, keep all data as it is, and change nothing in the " +
        "database. Then run tongping fsck to find the record.",
    },
    "altered-record": {
      title: "A record was changed",
      safe: "The anchored digests have not changed: they show whether the original is whole.",
      act:
        "Tell the supervisor at once and keep the database and the log's files as they are. Then run tongping " +
        "fsck: it names the record and the field.",
    },
    "missing-seq": {
      title: "Records are missing",
      safe: "The other records are whole, and the ledger proves which one is missing.",
      act:
        "Tell the supervisor at once and stop changing data. What is missing can be recovered from the mirrors of " +
        "the other centres, as the runbook says.",
    },
    "missed-anchor": {
      title: "Records wait for the chain",
      safe: "The records are kept in this centre. Nothing is lost; they are anchored once it goes on.",
      act: "Look at the chain node, the network, and the work “Anchoring” below.",
    },
    unwitnessed: {
      title: "Another centre's ledger cannot be witnessed",
      safe: "This centre's ledger is not touched, and what was witnessed before still counts.",
      act: "Call that centre; compare its service, address and keys.",
    },
    "key-expiry": {
      title: "A key or certificate ends",
      safe: "What was signed while it was valid can always be verified.",
      act: "Replace it in time, as the runbook says. Afterwards new signatures are not accepted.",
    },
    clock: {
      title: "The clock is off",
      safe: "The order of the records is not touched. Until the time is confirmed, nothing counts as expired or as good because of it.",
      act: "Set this machine's clock right: the alarm ends once the centres agree. If its present time is right, confirm it here.",
    },
    storage: {
      title: "Space for the data",
      safe: "No kept record is lost, and nothing counts as kept that could not be written.",
      act: "Free space on the disk, or make the folder writable again; the alarm ends by itself.",
    },
    proposal: {
      title: "A proposal of the centres runs out",
      safe: "Nothing changes without the votes it needs; members, keys and evidence are as they were.",
      act:
        "tongping centre proposals lists them. Vote or execute before the end, or propose it again afterwards; " +
        "the runbook says how to leave a registry of the first form.",
    },
    standstill: {
      title: "Background work stands still",
      safe: "No record is lost, and all other sessions go on. It is tried again by itself.",
      act: "The session's page says why; once it is mended, try again there. Otherwise tell the technicians.",
    },
  },
  subject: {
    log: "Ledger of {who}",
    head: "{who} on the chain",
    project: "Tender {what}",
    own: "This centre's everyday records",
    room: "Session {what} · {who}",
    entries: "Records {what}",
    checkpoint: "The first {what} records",
    key: "{what}",
    clock: "This machine's clock",
    clockOf: "This machine's clock and that of {who}",
    storage: "Folder of the {what}",
    folders: { database: "database", files: "files", keys: "keys" },
    proposal: "Proposal {what}",
    registry: "Registry of centres",
    work: "{what}",
    keys: {
      seal: "Certificate of the seal",
      timestamps: "Certificate of the time-stamps",
      issuer: "Issuer of: {what}",
      registry: "{who} in the registry of centres",
    },
  },
} as const;
