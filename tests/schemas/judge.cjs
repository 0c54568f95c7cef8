// Judges YAML files by the schemas of schemas/, with a validator that is not ours (ajv). Each line
// of the output is a file, or a document of one, that is not as it should be; exit code 1 then.
"use strict";
const fs = require("fs");
const path = require("path");
const Ajv = require("ajv");
const yaml = require("js-yaml");

const root = path.resolve(__dirname, "../..");
const read = (name) => fs.readFileSync(path.join(root, name), "utf8");
const ajv = new Ajv({ allErrors: true });

// Which shipped files each schema is for.
const shipped = {
    acl: yamlFiles("acl", (name) => !/_test\.yaml$|^invariants\.yaml$/.test(name)),
    acl_test: yamlFiles("acl", (name) => /_test\.yaml$/.test(name)),
    invariants: ["acl/invariants.yaml"],
    services: ["config/services.yaml"],
    sidecar: ["config/sidecar.yaml", "config/minimal.yaml"],
};
let judged = 0;
const faults = [];

function yamlFiles(folder, wanted) {
    const names = fs.readdirSync(path.join(root, folder)).filter((name) => /\.yaml$/.test(name));
    return names.filter(wanted).map((name) => `${folder}/${name}`);
}

// A document must be as `expected`: fine or not; and name the schema that it is read by.
function judge(validate, document, place, expected) {
    judged += 1;
    if (validate(document) === expected) return;
    const why = (validate.errors || []).map((error) => `${error.dataPath} ${error.message}`);
    faults.push(`${place}: ${expected ? why.join("; ") : "is taken, but is broken"}`);
}

// All but minimal.yaml, which is to be as short as can be.
function expectModeline(schema, file) {
    if (file === "config/minimal.yaml") return;
    const line = `# yaml-language-server: $schema=../schemas/${schema}.schema.json`;
    if (read(file).split("\n")[0] !== line) faults.push(`${file}:1: must be ${line}`);
}

for (const [schema, files] of Object.entries(shipped)) {
    const validate = ajv.compile(JSON.parse(read(`schemas/${schema}.schema.json`)));
    for (const file of files) {
        expectModeline(schema, file);
        judge(validate, yaml.load(read(file)), file, true);
    }
    for (const [kind, expected] of [["fine", true], ["broken", false]]) {
        const file = `tests/schemas/${schema}.${kind}.yaml`;
        read(file).split(/^---\n/m).forEach((text) => {
            judge(validate, yaml.load(text), `${file}, "${text.split("\n")[0]}"`, expected);
        });
    }
}
const unknown = fs.readdirSync(path.join(root, "schemas"))
    .filter((name) => !shipped[name.replace(".schema.json", "")]);
faults.push(...unknown.map((name) => `schemas/${name}: no shipped file is judged by it`));
faults.forEach((fault) => console.log(fault));
console.log(`${judged} documents judged, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
