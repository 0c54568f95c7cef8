// Judges bills of materials, the files named: *.cdx.json by CycloneDX's own library and schemas,
// *.spdx.json by the rules of SPDX 2.3 that are written here (no package that we can have brings
// SPDX's schema; where BETA_SPDX_SCHEMA names that file, it judges too). Each line of the output is
// a fault; exit code 1 then. NODE_PATH leads to the packages.
"use strict";
const fs = require("fs");
const path = require("path");
const Ajv = require("ajv");
const { Spec, Validation } = require("@cyclonedx/cyclonedx-library");
const { PackageURL } = require("packageurl-js");
const parseExpression = require("spdx-expression-parse");

const faults = [];
const fault = (file, words) => faults.push(`${path.basename(file)}: ${words}`);

async function judgeCycloneDx(file, text) {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    const errors = await validator.validate(text);
    if (errors) fault(file, JSON.stringify(errors).slice(0, 1000));
    const bill = JSON.parse(text);
    if (bill.specVersion !== "1.6") fault(file, "another version than 1.6"); // the schema takes any
    const refs = new Set([bill.metadata.component, ...bill.components].map((c) => c["bom-ref"]));
    if (refs.size !== bill.components.length + 1) fault(file, "a bom-ref stands twice");
    for (const { ref, dependsOn } of bill.dependencies) {
        for (const end of [ref, ...(dependsOn || [])]) {
            if (!refs.has(end)) fault(file, `a dependency on nothing: ${end}`);
        }
    }
    for (const one of bill.components) judgePurl(file, one.purl, one.name, one.version);
}

function judgePurl(file, purl, name, version) {
    const read = PackageURL.fromString(purl);
    if (read.type !== "deb" || read.name !== name || read.version !== version) {
        fault(file, `${purl} is not of ${name} ${version}`);
    }
}

const text = { type: "string", minLength: 1 };
const id = { type: "string", pattern: "^SPDXRef-[a-zA-Z0-9.-]+$" };
const object = (required, properties) =>
    ({ type: "object", required, properties, additionalProperties: false });
const list = (items) => ({ type: "array", minItems: 1, items });
const checksums = list({
    oneOf: [["SHA1", 40], ["SHA256", 64]].map(([name, length]) => object(
        ["algorithm", "checksumValue"],
        { algorithm: { const: name },
          checksumValue: { type: "string", pattern: `^[0-9a-f]{${length}}$` } })),
});
const actor = { type: "string", pattern: "^(NOASSERTION|(Person|Organization): .+)$" };

// Clauses 6, 7, 8, 10 and 11 of the specification, as far as our bills use them.
const rules = object(
    ["spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo", "packages",
     "relationships"],
    {
        spdxVersion: { const: "SPDX-2.3" },
        dataLicense: { const: "CC0-1.0" },
        SPDXID: { const: "SPDXRef-DOCUMENT" },
        name: text,
        documentNamespace: { type: "string", pattern: "^[a-z][a-z0-9+.-]*:[^#\\s]+$" },
        creationInfo: object(["created", "creators"], {
            created: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$" },
            creators: list({ type: "string", pattern: "^(Tool|Organization|Person): .+$" }),
            licenseListVersion: { type: "string", pattern: "^\\d+\\.\\d+$" },
        }),
        packages: list(object(
            ["SPDXID", "name", "downloadLocation", "filesAnalyzed", "licenseDeclared"],
            {
                SPDXID: id, name: text, versionInfo: text, supplier: actor, sourceInfo: text,
                downloadLocation: text, filesAnalyzed: { const: false }, homepage: text,
                licenseConcluded: text, licenseDeclared: text, copyrightText: text, checksums,
                primaryPackagePurpose: { enum: ["CONTAINER", "APPLICATION"] },
                externalRefs: list(object(
                    ["referenceCategory", "referenceType", "referenceLocator"],
                    { referenceCategory: { const: "PACKAGE-MANAGER" },
                      referenceType: { const: "purl" }, referenceLocator: text })),
            })),
        files: list(object(["SPDXID", "fileName", "checksums"], {
            SPDXID: id, fileName: { type: "string", pattern: "^\\./" }, checksums,
            licenseConcluded: text, copyrightText: text })),
        relationships: list(object(
            ["spdxElementId", "relationshipType", "relatedSpdxElement"],
            { spdxElementId: id, relatedSpdxElement: id,
              relationshipType: { enum: ["DESCRIBES", "CONTAINS", "DEPENDS_ON", "DYNAMIC_LINK",
                                         "STATIC_LINK", "BUILD_TOOL_OF"] } })),
        hasExtractedLicensingInfos: list(object(
            ["licenseId", "extractedText"],
            { licenseId: { type: "string", pattern: "^LicenseRef-[a-zA-Z0-9.-]+$" },
              name: text, extractedText: text })),
    });

function judgeSpdx(file, text) {
    const bill = JSON.parse(text);
    const schemas = [rules];
    const official = process.env.BETA_SPDX_SCHEMA;
    if (official) schemas.push(JSON.parse(fs.readFileSync(official, "utf8")));
    for (const schema of schemas) {
        const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
        if (!validate(bill)) fault(file, JSON.stringify(validate.errors).slice(0, 1000));
    }
    if (faults.length === 0) judgeElements(file, bill);
}

function judgeElements(file, bill) {
    const ids = [bill, ...bill.packages, ...(bill.files || [])].map((one) => one.SPDXID);
    if (new Set(ids).size !== ids.length) fault(file, "an SPDXID stands twice");
    for (const { spdxElementId, relatedSpdxElement } of bill.relationships) {
        for (const end of [spdxElementId, relatedSpdxElement]) {
            if (!ids.includes(end)) fault(file, `a relationship with nothing: ${end}`);
        }
    }
    const extracted = new Set((bill.hasExtractedLicensingInfos || []).map((one) => one.licenseId));
    for (const one of bill.packages) {
        if (one.licenseDeclared !== "NOASSERTION") {
            parseExpression(one.licenseDeclared);
            for (const ref of one.licenseDeclared.match(/LicenseRef-[a-zA-Z0-9.-]+/g) || []) {
                if (!extracted.has(ref)) fault(file, `${ref} is nowhere explained`);
            }
        }
        for (const { referenceLocator } of one.externalRefs || []) {
            judgePurl(file, referenceLocator, one.name, one.versionInfo);
        }
    }
}

async function main(files) {
    for (const file of files) {
        const text = fs.readFileSync(file, "utf8");
        try {
            await (file.endsWith(".cdx.json") ? judgeCycloneDx : judgeSpdx)(file, text);
        } catch (error) {
            fault(file, error.message);
        }
    }
    faults.forEach((words) => console.log(words));
    console.log(`${files.length} bills judged, ${faults.length} faults`);
    process.exit(files.length > 0 && faults.length === 0 ? 0 : 1);
}
main(process.argv.slice(2));
