"""shapes.py SHAPE FILE: is each line of FILE what the schema of SHAPE asks for? Prints one line, ok or not ok.

Strict where the schemas are: names that they do not have, types that differ, and values outside of an enumeration
are failures. Sources: the ECS 8.11 field reference, OCSF 1.3's class 2004, the CEF guide, Sumo Logic's Cloud SIEM
schema.
"""
import json
import re
import sys
from datetime import datetime


class Bad(Exception):
    pass


def need(condition, words):
    if not condition:
        raise Bad(words)


def text(value):
    return isinstance(value, str)


def number(value):
    return isinstance(value, int) and not isinstance(value, bool)


def truth(value):
    return isinstance(value, bool)


def texts(value):
    return isinstance(value, list) and all(map(text, value))


def moment(value):
    return text(value) and datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ") is not None


def between(low, high):
    return lambda value: number(value) and low <= value <= high


def one_of(*values):
    return lambda value: value in values


def anything(value):
    return True


def check(value, schema, where="", required=()):
    """A schema is a predicate, a dict of names (a name with a ! in front is required), or [schema] for a list."""
    if isinstance(schema, list):
        need(isinstance(value, list), f"{where} is no list")
        for i, item in enumerate(value):
            check(item, schema[0], f"{where}[{i}]")
    elif isinstance(schema, dict):
        need(isinstance(value, dict), f"{where} is no object")
        names = {name.lstrip("!"): (name[0] == "!", kind) for name, kind in schema.items()}
        for name in value:
            need(name in names, f"{where}.{name} is not in the schema")
        for name, (is_required, kind) in names.items():
            need(name in value or not is_required, f"{where}.{name} is missing")
            if name in value:
                check(value[name], kind, f"{where}.{name}")
    else:
        need(schema(value), f"{where} has the value {value!r}")


USER = {"!id": text}
ECS = {
    "@timestamp": moment,
    "!message": text,
    "!ecs": {"!version": one_of("8.11.0")},
    "!event": {
        "!kind": one_of("alert"), "!category": [one_of("file", "process")], "!type": [one_of("access", "change")],
        "!action": text, "!outcome": one_of("success", "failure", "unknown"), "!severity": between(0, 10),
        "!risk_score": between(0, 100), "id": text, "start": moment, "end": moment, "module": text, "original": text,
    },
    "!process": {
        "pid": number, "name": text, "executable": text, "command_line": text, "working_directory": text,
        "start": moment, "parent": {"!pid": number}, "user": USER, "real_user": USER,
    },
    "file": {"!path": text, "!name": text},
    "user": USER,
    "host": {"!name": text},
    "related": {"hosts": texts},
    "rule": {"!id": text, "!name": text, "uuid": text},
    "threat": {
        "!framework": one_of("MITRE ATT&CK"), "!tactic": {"!id": [one_of("TA0006")], "!name": texts},
        "!technique": {
            "!id": [one_of("T1003")], "!name": texts,
            "!subtechnique": {"!id": [lambda v: re.fullmatch(r"T\d{4}\.\d{3}", v)], "!name": texts},
        },
    },
    "!proctor": anything,
}

OCSF_FILE = {"!name": text, "!type_id": between(0, 7), "path": text}
OCSF_PROCESS = {
    "pid": number, "name": text, "cmd_line": text, "file": OCSF_FILE, "created_time": number,
    "parent_process": {"!pid": number}, "user": {"uid": text, "name": text},
}
OCSF_OBJECT = {"uid": text, "name": text}
OCSF = {
    "!activity_id": one_of(1), "activity_name": text, "!category_uid": one_of(2), "category_name": text,
    "!class_uid": one_of(2004), "class_name": text, "!type_uid": one_of(200401), "!time": number,
    "!severity_id": between(0, 6), "severity": text, "status_id": between(0, 5), "status": text, "is_alert": truth,
    "risk_score": number, "count": number, "message": text, "raw_data": text, "unmapped": anything,
    "!metadata": {
        "!version": text, "profiles": texts, "uid": text,
        "!product": {"!vendor_name": text, "name": text, "version": text},
    },
    "!finding_info": {
        "!uid": text, "!title": text, "desc": text, "first_seen_time": number, "last_seen_time": number,
        "attacks": [{"!version": text, "tactic": OCSF_OBJECT, "technique": OCSF_OBJECT, "sub_technique": OCSF_OBJECT}],
        "analytic": {"!type_id": between(0, 4), "type": text, "name": text, "uid": text},
    },
    "device": {"!type_id": between(0, 12), "type": text, "!hostname": text},
    "evidences": [{"actor": {"process": OCSF_PROCESS}, "process": OCSF_PROCESS, "file": OCSF_FILE,
                   "api": {"!operation": text}}],
}

RECORD = {
    "!uid": text, "timestamp": number, "device_hostname": text, "device_ip": text, "user_username": text,
    "user_userId": text, "targetUser_userId": text, "file_path": text, "file_basename": text, "baseImage": text,
    "commandLine": text, "pid": number, "parentPid": number, "parentBaseImage": text, "parentCommandLine": text,
    "processUid": text, "sessionId": text, "!action": text, "!normalizedAction": text, "!success": truth,
    "!severity": between(0, 10), "threat_name": text, "!metadata_vendor": text, "!metadata_product": text,
    "!metadata_deviceEventId": text, "metadata_parser": text, "metadata_sourceCategory": text,
    "metadata_receiptTime": number, "!fields": lambda v: all(map(text, v)) and all(map(text, v.values())),
}
HOST = {"!id": lambda v: text(v) and v.startswith("_hostname-"), "!entityType": one_of("_hostname"), "!name": text,
        "!hostname": text}
USERNAME = {"!id": lambda v: text(v) and re.match(r"_username-\d+@", v), "!entityType": one_of("_username"),
            "!name": text, "!username": lambda v: v.isdigit()}


def entity(value):
    check(value, USERNAME if isinstance(value, dict) and value.get("entityType") == "_username" else HOST, "entity")
    need(value["id"] == f"{value['entityType']}-{value['name']}", "the entity's id is not its type and name")
    return True


TAGS = [lambda v: re.fullmatch(r"_mitreAttackTactic:TA\d{4}|_mitreAttackTechnique:T\d{4}(\.\d{3})?", v)]
SIGNAL = {
    "!id": text, "!name": text, "!description": text, "!entity": entity, "!ruleId": text, "!severity": between(0, 10),
    "!stage": one_of("Credential Access"), "!suppressed": truth, "!tags": TAGS, "!timestamp": anything,
    "!contentType": one_of("RULE"), "!recordCount": number, "!recordTypes": texts, "!artifacts": anything,
    "!allRecords": [RECORD],
}

INSIGHT = {
    "!id": lambda v: re.fullmatch(r"[0-9a-f]{16}", v), "!readableId": lambda v: re.fullmatch(r"INSIGHT-\d+", v),
    "!name": one_of("Credential Access"), "!description": text, "!entity": entity,
    "!severity": one_of("LOW", "MEDIUM", "HIGH"), "!status": {"!name": one_of("new"), "!displayName": one_of("New")},
    "!resolution": one_of(None), "!source": one_of("ALGORITHM"), "!created": moment, "!closed": one_of(None),
    "!signals": [SIGNAL], "!recordSummaryFields": one_of([]), "!relatedEntities": [entity], "!tags": TAGS,
}


def insight(value):
    """Beyond the schema: rules are unique, their severities add up, and the sum decides the severity."""
    check(value, INSIGHT)
    names = [signal["name"] for signal in value["signals"]]
    score = sum(signal["severity"] for signal in value["signals"])
    need(len(set(names)) == len(names), "a rule counts twice")
    need(score > 12, f"{score} is no insight")
    need(value["severity"] == ("LOW" if score <= 13 else "MEDIUM" if score <= 15 else "HIGH"), f"{score} is none")
    need(value["description"].startswith(f"{score} points in 14 days: "), "the description has another score")
    need(all(signal["entity"] == value["entity"] for signal in value["signals"]), "a signal is another entity's")
    need(len(set(value["tags"])) == len(value["tags"]), "a tag is there twice")
    need(value["entity"] not in value["relatedEntities"], "the entity is related to itself")
    return True


CEF_KEYS = ("rt start end externalId dvchost act outcome reason cnt spid sproc suid dpid dproc duid filePath fname msg "
            + " ".join(f"cs{i} cs{i}Label" for i in range(1, 7))).split()


def cef(line):
    """The header has seven parts; the extension is keys and values, read as ArcSight's parser does."""
    parts = re.split(r"(?<!\\)(?:\\\\)*\|", line, maxsplit=7)
    need(len(parts) == 8, "the header has not seven parts")
    need(parts[0] == "CEF:0" and parts[1] == parts[2] == "proctor", "the header is another's")
    need(parts[6].isdigit() and int(parts[6]) <= 10, "the severity is out of range")
    keys = re.findall(r"(?:^| )(\w+)(?<!\\)=", parts[7])
    need(keys and parts[7].startswith(keys[0] + "="), "the extension begins with no key")
    for key in keys:
        need(key in CEF_KEYS, f"{key} is no key that is written")
    need(len(keys) == len(set(keys)), "a key is there twice")
    need(not re.search(r"(?<!\\)(?:\\\\)*\\[^\\=nr]", parts[7]), "an escape that the format does not have")


def check_line(shape, line):
    need(not re.search(r"[\x00-\x1f\x7f]", line), "a control byte")
    if shape == "cef":
        cef(line)
    else:
        schema = {"ecs": ECS, "ocsf": OCSF, "cse-record": RECORD, "cse-signal": SIGNAL, "cse-insight": insight}[shape]
        check(json.loads(line, parse_constant=lambda word: need(False, word)), schema)


def main():
    shape, path = sys.argv[1:]
    lines = open(path, encoding="utf-8").read().split("\n")
    try:
        need(lines[-1] == "" and len(lines) > 1, "no whole line")
        for line in lines[:-1]:
            check_line(shape, line)
    except (Bad, ValueError) as why:
        print(f"not ok {shape}: {why}")
        return
    print(f"ok {shape} of {len(lines) - 1} lines")


main()
