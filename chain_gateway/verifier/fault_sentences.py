"""The sentence for each fault that a verification can find: what was expected and what was found."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_SENTENCES: Final = MappingProxyType(
    {
        "archive-directory-invalid": "the file's directory is damaged at byte {offset}",
        "archive-end-invalid": "the file does not end as a bundle ends: it is cut, or something was added",
        "archive-gap": "the file holds bytes at {offset} that belong to no member",
        "archive-headers-differ": "the two headers of {member} contradict each other",
        "archive-member-too-large": "{member} is larger than the {maximum} bytes a member may have",
        "archive-method-unknown": "the file's directory at byte {offset} names a packing that bundles do not use",
        "archive-name-doubled": "{member} stands in the file twice",
        "archive-name-invalid": "a member has a name that bundles do not use",
        "archive-stream-invalid": "the packed bytes of {member} are damaged",
        "archive-too-large": "the file has {size} bytes, a bundle at most {maximum}",
        "archive-too-many-members": "the file has {count} members, a bundle at most {maximum}",
        "archive-truncated": "the file is cut off after {size} bytes",
        "bundle-member-damaged": "the bytes of {member} do not match their checksum: they were changed",
        "bundle-member-missing": "{member} is missing",
        "bundle-member-unknown": "{member} does not belong in a bundle",
        "bundle-mimetype": "the file does not begin with the mark of a bundle",
        "manifest-malformed": "the manifest cannot be read",
        "manifest-member-lost": "the manifest names {member}, which is not in the file",
        "manifest-member-unlisted": "{member} is in the file, but the manifest does not name it",
        "manifest-session": "the manifest is about session {expected}, the record about {found}",
        "member-digest": "{member} should have the digest {expected}, but has {found}",
        "record-malformed": "record {index} is not a journal record",
        "record-not-canonical": "record {index} is not in the canonical form of records",
        "record-incomplete": "record {index} lacks its salt or its proof",
        "records-missing": "the bundle discloses no record",
        "commitment-differs": "record {index} and its salt do not give the commitment in the log: one was changed",
        "report-record-missing": "no disclosed record names a sealed report",
        "report-record-doubled": "{count} disclosed records name a sealed report",
        "report-digest": "the record names the report {expected}, but the report in the bundle is {found}",
        "report-size": "the record says the report has {expected} bytes, but it has {found}",
        "note-unsigned": "no key that the trust file names has signed the checkpoint",
        "note-signature": "the signature on the checkpoint by {key} does not fit its text",
        "malformed-note": "the checkpoint cannot be read",
        "cosignature-malformed": "the cosignature by {key} is not written as one, or its time is impossible",
        "cosignature-invalid": "the cosignature by {key} does not match its time and the note's text",
        "note-origin": "the checkpoint is of log {found}, not of {expected}",
        "consistency-malformed": "the proof that joins the two checkpoints cannot be read",
        "consistency-differs": "nothing shows that sizes {anchored} (anchored) and {cosigned} (cosigned) are one log",
        "time-impossible": "{seconds} seconds after 1970 is not a valid time",
        "anchor-malformed": "the names of chain and contract cannot be read",
        "contract-chain": "the bundle names chain {found}, the trust file {expected}",
        "contract-address": "the bundle names contract {found}, the trust file {expected}",
        "block-before-report": "the block is of {found}, but the report was closed at {expected}",
        "cosigned-before-report": "a cosignature is of {found}, but the report was closed at {expected}",
        "certificate-not-issued": "{member} leads to no authority that the trust file names",
        "revocation-not-issued": "{member} is signed by no authority that the trust file names",
        "certificate-unreadable": "a certificate or revocation list cannot be read",
        "certificates-too-many": "{count} certificates or lists are more than {maximum}",
        "origin-unknown": "the trust file knows no log {origin}",
        "key-not-valid-then": "the keys of centre {centre} were not valid at {at}",
        "centre-differs": "record {index} is of centre {found}, but the log is that of {expected}",
        "path-differs": "record {index} does not lead to the root that the checkpoint names",
        "proof-size": "the proof of record {index} is for size {found}, the checkpoint for {expected}",
        "proof-malformed": "a proof cannot be read",
        "receipt-block": "the receipt names block {expected}, but the block in the bundle has the hash {found}",
        "receipt-root": "the receipts in the bundle give the root {found}, the block names {expected}",
        "receipt-not-in-block": "the block holds no receipt of this transaction",
        "receipt-differs": "the receipt is not the one that the block holds",
        "transaction-failed": "the transaction was refused by the chain",
        "transaction-hash": "the transaction in the bundle has the hash {found}, the receipt names {expected}",
        "transaction-chain": "the transaction was made for chain {found}, the trust file names {expected}",
        "transaction-address": "the transaction went to {found}, the trusted contract is {expected}",
        "anchor-event-missing": "the trusted contract confirms size {size} with this root nowhere in the receipt",
        "cosignatures-too-few": "the policy asks for {expected} cosignatures, the checkpoint carries {found}",
        "entries-missing": "the bundle holds no entries of the room",
        "centre-not-trusted": "the room's centre {centre} is not in the trust file",
        "centre-key-differs": "the room's centre {centre} uses another key than the trust file names",
        "seat-not-bound": "nobody took seat {seat}",
        "passkey-of-another-seat": "seat {seat} was confirmed with another passkey than the one it is bound to",
        "consent-missing": "the member at seat {seat} neither agreed, dissented nor refused",
        "consent-to-another-report": "the member at seat {seat} consented to another report, {found}",
        "consent-file-differs": "{member} is not the one in the room",
        "assertion-challenge": "the passkey answered another question than this one",
        "assertion-site": "the passkey answered another site",
        "assertion-signature": "the passkey's signature does not fit",
        "assertion-malformed": "the passkey's answer cannot be read",
        "user-not-verified": "the passkey did not verify its user",
        "sheet-not-locked": "a score sheet was never locked",
        "tally-differs": "centre {centre} stated the result {found}, the entries give {expected}",
        "report-differs": "centre {centre} drew up the report {found}, the record names {expected}",
        "seal-differs": "the host's entry names the sealed file {found}, the record names {expected}",
        "report-data-differs": "the report and the entries of the room differ in: {fields}",
        "data-digest-differs": "the record names the data {expected}, but those inside the report are {found}",
        "report-data-unreadable": "the data inside the report cannot be read",
        "bad-signature": "entry {seq} of {author} does not carry its author's signature",
        "too-many-values": "the bundle holds more than {most} values, more than any evaluation has",
        "check-broke": "the check could not be carried out on this bundle ({kind})",
        "document-invalid": "{document} lacks {key}, or it is malformed",
        "document-not-json": "{document} cannot be read",
    }
)


def sentence(code: str, values: Mapping[str, str | int]) -> str:
    """Return the sentence for a fault; a fault without its own sentence is described by its code and values."""
    template = _SENTENCES.get(code)
    if template is not None:
        try:
            return template.format_map(values)
        except KeyError:
            pass
    details = " ".join(f"{name}={value}" for name, value in values.items())
    return f"{code}: {details}" if details else code
