/** First thing that a stranger reads in a bundle. */
export const README = `This is a Decklog bundle: a report on Kubernetes audit logs with everything that proves it.

report.html        the report, for any browser; it loads nothing from outside
report.json        the same for programs
ledger.json        everything that was read, with hashes
actions.jsonl      who did what in the case; each hash is SHA-256 over the one before and the entry
rules.json         the rules and lists that were run, byte for byte
proof/records.bin  original bytes of every cited record, a line feed behind each
proof/index.jsonl  where each record stands in the evidence (member, offset, length) and in records.bin (at)
manifest.json      names, sizes and SHA-256 of all files, and the hash of the case
SHA256SUMS         the same hashes: sha256sum -c SHA256SUMS
SHA256SUMS.sig     Ed25519 signature of SHA256SUMS, if the bundle was signed (64 bytes)
examiner.pub       public key of the signature; compare its fingerprint with one that you got by another way

With Decklog:  decklog verify BUNDLE [--key examiner.pub]
With openssl:  openssl pkeyutl -verify -pubin -inkey examiner.pub -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
A citation:    dd if=MEMBER bs=1 skip=OFFSET count=LENGTH | sha256sum, where MEMBER is the unpacked file of the evidence
               with the SHA-256 that stands beside the citation; compare with recordSha256 in proof/index.jsonl

The case hash is SHA-256 over "decklog case", evidence root, findings root and head, each followed by a line feed.
`;
