// Reads [{"bundle": Sigstore bundle, "key": SPKI in base64}, ...] and prints, for each, whether
// the Sigstore verifier accepts it under that key alone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/`);
const { bundleFromJSON } = require("@sigstore/bundle");
const { Verifier, toSignedEntity, toTrustMaterial } = require("@sigstore/verify");

const NO_AUTHORITIES = {
  certificateAuthorities: [],
  timestampAuthorities: [],
  tlogs: [],
  ctlogs: [],
};
const NO_THRESHOLDS = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 };

function accepts({ bundle, key }) {
  const hint = bundle.verificationMaterial?.publicKey?.hint;
  const keys = { [hint]: { rawBytes: Buffer.from(key, "base64") } };
  const verifier = new Verifier(toTrustMaterial(NO_AUTHORITIES, keys), NO_THRESHOLDS);
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
    return "accepted";
  } catch (error) {
    return `refused: ${error.code ?? error.message}`;
  }
}

const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(accepts)));
