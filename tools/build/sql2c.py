#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sql2c - turns the named statements of queue-server/store/query/ into typed C functions.

A statement is a block:

    -- :name visit_find one          (exec, one or many rows; the rest of the line is ignored)
    -- What it is for.
    -- :param facility int4
    -- :param visit uuid
    -- :column state int2
    SELECT state FROM sugu.visit WHERE facility = :facility AND visit = :visit;

and becomes struct sugu_visit_find_params, struct sugu_visit_find_row and
sugu_db_visit_find(db, &params, &row). The declared types go to the server with PREPARE and are
compared with what the server says by a test, so C and SQL cannot drift apart.

Types: bool int2 int4 int8 date timestamptz uuid text text(N) bytea bytea(N); "?" behind a type
allows NULL, which is the zero value in C ("", 0, the none id; as an int8? parameter INT64_MIN);
"[]" makes a parameter an array of `count` elements. A row's text(N) is a char array, bytea(N) an
array with its size; bytea without N is memory of its own, freed by the row's done function.
"""
import re
import sys
from pathlib import Path

OIDS = {"bool": 16, "bytea": 17, "int8": 20, "int2": 21, "int4": 23, "text": 25, "date": 1082,
        "timestamptz": 1184, "uuid": 2950}
ARRAY_OIDS = {"bool": 1000, "bytea": 1001, "int8": 1016, "int2": 1005, "int4": 1007, "text": 1009,
              "date": 1182, "timestamptz": 1185, "uuid": 2951}
C_PARAM = {"bool": "bool", "int2": "int16_t", "int4": "int32_t", "int8": "int64_t",
           "date": "uint32_t", "timestamptz": "int64_t", "uuid": "struct sugu_id",
           "text": "const char *", "bytea": "struct sugu_bytes"}


class Type:
    def __init__(self, text, where):
        match = re.fullmatch(r"([a-z0-9]+)(?:\((\d+)\))?(\[\])?(\?)?", text)
        if not match or match[1] not in OIDS:
            sys.exit(f"{where}: unknown type {text}")
        self.base, self.is_array, self.is_null = match[1], bool(match[3]), bool(match[4])
        self.size = int(match[2]) if match[2] else None

    def oid(self):
        return (ARRAY_OIDS if self.is_array else OIDS)[self.base]


class Statement:
    def __init__(self, name, kind, where):
        self.name, self.kind, self.where = name, kind, where
        self.params, self.columns, self.sql = [], [], ""

    def finish(self):
        names = [name for name, _ in self.params]
        used = set()

        def number(match):
            if match[1] not in names:
                sys.exit(f"{self.where}: :{match[1]} is not declared")
            used.add(match[1])
            return f"${names.index(match[1]) + 1}"

        self.sql = re.sub(r"(?<![:\w]):([a-z_][a-z0-9_]*)", number, self.sql.strip().rstrip(";"))
        if used != set(names):
            sys.exit(f"{self.where}: {self.name}: not used: {set(names) - used}")
        if (self.kind == "exec") != (not self.columns):
            sys.exit(f"{self.where}: {self.name}: exec has no columns, one and many have")


def read(path):
    statements, current = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        where = f"{path.name}:{number}"
        if match := re.match(r"-- :name (\w+) (exec|one|many)\b", line):
            current = Statement(match[1], match[2], where)
            statements.append(current)
        elif line.startswith("-- :name"):
            sys.exit(f"{where}: needs '-- :name NAME exec|one|many'")
        elif match := re.match(r"-- :(param|column) (\w+) (\S+)", line):
            target = current.params if match[1] == "param" else current.columns
            target.append((match[2], Type(match[3], where)))
        elif not line.startswith("--") and current:
            if "--" in line:
                sys.exit(f"{where}: a comment belongs above the statement, which becomes one line")
            current.sql += line + "\n"
    for statement in statements:
        statement.finish()
    return statements


def c_string(sql):
    lines = [re.sub(r"\s+", " ", line.strip()) for line in sql.splitlines() if line.strip()]
    quoted = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return "\n".join('     "%s "' % line for line in quoted)


def params_struct(s):
    out = [f"struct sugu_{s.name}_params {{"]
    if any(t.is_array for _, t in s.params):
        out.append("    size_t count; /* elements of each array */")
    for name, t in s.params:
        if t.is_array:
            star = "const char *const *" if t.base == "text" else f"const {C_PARAM[t.base]} *"
            out.append(f"    {star}{name};")
        else:
            out.append(f"    {C_PARAM[t.base]}{'' if t.base == 'text' else ' '}{name};")
    return "\n".join(out + ["};"])


def row_struct(s):
    out = [f"struct sugu_{s.name}_row {{"]
    if s.kind == "one":
        out.append("    bool is_found;")
    for name, t in s.columns:
        if t.base == "text":
            out.append(f"    char {name}[{(t.size or 255) + 1}];")
        elif t.base == "bytea" and t.size:
            out.append(f"    uint8_t {name}[{t.size}];\n    size_t {name}_size;")
        elif t.base == "bytea":
            out.append(f"    uint8_t *{name};\n    size_t {name}_size;")
        else:
            out.append(f"    {C_PARAM[t.base]} {name};")
    return "\n".join(out + ["};"])


def signature(s):
    args = ["struct sugu_db *db"]
    if s.params:
        args.append(f"const struct sugu_{s.name}_params *params")
    if s.kind == "one":
        args.append(f"struct sugu_{s.name}_row *ret_row")
    elif s.kind == "many":
        args.append(f"struct sugu_{s.name}_rows *ret_rows")
    else:
        args.append("int64_t *ret_count")
    return f"void\nsugu_db_{s.name}({', '.join(args)})"


def header(statements):
    out = ["/* SPDX-License-Identifier: Apache-2.0 */",
           "/* statements - generated by tools/build/sql2c.py from store/query/; see there */",
           "#pragma once", '#include "store/db.h"', ""]
    out.append("enum sugu_statement_id {")
    out += [f"    SUGU_STATEMENT_{s.name.upper()}," for s in statements]
    out.append("    SUGU_STATEMENT_COUNT\n};\n")
    for s in statements:
        if s.params:
            out.append(params_struct(s))
        if s.columns:
            out.append(row_struct(s))
        if s.kind == "many":
            out.append(f"struct sugu_{s.name}_rows {{\n    struct sugu_{s.name}_row *rows;\n"
                       f"    size_t count;\n}};")
            out.append(f"void sugu_{s.name}_rows_done(struct sugu_{s.name}_rows *rows);")
        elif has_heap(s):
            out.append(f"void sugu_{s.name}_row_done(struct sugu_{s.name}_row *row);")
        out.append(signature(s).replace("\n", " ") + ";\n")
    return "\n".join(out)


def has_heap(s):
    return any(t.base == "bytea" and not t.size for _, t in s.columns)


def read_row(s):
    out = [f"static void\nread_{s.name}(const PGresult *result, int row, "
           f"struct sugu_{s.name}_row *to)\n{{"]
    for i, (name, t) in enumerate(s.columns):
        at = f"result, row, {i}"
        if t.base == "text":
            out.append(f"    sugu_db_get_text({at}, to->{name}, sizeof to->{name});")
        elif t.base == "bytea" and t.size:
            out.append(f"    to->{name}_size = sugu_db_get_bytes({at}, to->{name}, "
                       f"sizeof to->{name});")
        elif t.base == "bytea":
            out.append(f"    to->{name} = sugu_db_get_memory({at}, &to->{name}_size);")
        else:
            out.append(f"    to->{name} = sugu_db_get_{t.base}({at});")
    return "\n".join(out + ["}\n"])


def take_result(s):
    if s.kind == "exec":
        return ""
    if s.kind == "one":
        return (f"static void\ntake_{s.name}(const PGresult *result, void *target)\n{{\n"
                f"    struct sugu_{s.name}_row *to = target;\n\n"
                f"    to->is_found = PQntuples(result) > 0;\n"
                f"    if (to->is_found)\n        read_{s.name}(result, 0, to);\n}}\n")
    return (f"static void\ntake_{s.name}(const PGresult *result, void *target)\n{{\n"
            f"    struct sugu_{s.name}_rows *to = target;\n\n"
            f"    to->count = (size_t)PQntuples(result);\n"
            f"    to->rows = sugu_db_new_rows(to->count, sizeof *to->rows);\n"
            f"    for (size_t i = 0; i < to->count; i++)\n"
            f"        read_{s.name}(result, (int)i, &to->rows[i]);\n}}\n")


def done(s):
    frees = "".join(f"        free({{}}{name});\n" for name, t in s.columns
                    if t.base == "bytea" and not t.size)
    if s.kind == "many":
        loop = (f"    for (size_t i = 0; i < rows->count; i++) {{\n"
                f"{frees.replace('{}', 'rows->rows[i].')}    }}\n" if frees else "")
        return (f"void\nsugu_{s.name}_rows_done(struct sugu_{s.name}_rows *rows)\n{{\n{loop}"
                f"    free(rows->rows);\n    rows->rows = NULL;\n    rows->count = 0;\n}}\n")
    if has_heap(s):
        return (f"void\nsugu_{s.name}_row_done(struct sugu_{s.name}_row *row)\n{{\n"
                f"{frees.replace('{}', 'row->')}    memset(row, 0, sizeof *row);\n}}\n")
    return ""


def send(s):
    out = [f"{signature(s)}\n{{"]
    for name, t in s.params:
        null = "_or_null" if t.is_null else ""
        if t.is_array:
            out.append(f"    sugu_db_put_{t.base}_array(db, params->{name}, params->count);")
        else:
            out.append(f"    sugu_db_put_{t.base}{null}(db, params->{name});")
    take = "NULL" if s.kind == "exec" else f"take_{s.name}"
    target = {"one": "ret_row", "many": "ret_rows", "exec": "ret_count"}[s.kind]
    out.append(f"    sugu_db_send(db, SUGU_STATEMENT_{s.name.upper()}, {take}, {target});")
    return "\n".join(out + ["}\n"])


def source(statements):
    out = ["/* SPDX-License-Identifier: Apache-2.0 */",
           "/* statements - generated by tools/build/sql2c.py from store/query/; see there */",
           '#include "statements.h"', '#include "store/db-private.h"',
           "#include <stdlib.h>", "#include <string.h>", ""]
    for s in statements:
        for kind, items in (("param", s.params), ("column", s.columns)):
            oids = ", ".join(str(t.oid()) for _, t in items) or "0"
            out.append(f"static const Oid {s.name}_{kind}s[] = {{{oids}}};")
        names = ", ".join(f'"{name}"' for name, _ in s.columns) or "NULL"
        out.append(f"static const char *const {s.name}_names[] = {{{names}}};")
    out.append("\nconst struct sugu_statement sugu_statements[] = {")
    for s in statements:
        out.append(f'    {{"{s.name}",\n{c_string(s.sql)},\n     {s.name}_params, '
                   f"{len(s.params)}, {s.name}_columns, {s.name}_names, {len(s.columns)}}},")
    out.append("};\nconst size_t sugu_statement_count = SUGU_STATEMENT_COUNT;\n")
    for s in statements:
        if s.columns:
            out.append(read_row(s))
        out += [take_result(s), done(s), send(s)]
    return "\n".join(part for part in out if part is not None)


def main():
    target_c, target_h, *inputs = sys.argv[1:]
    statements = [s for path in inputs for s in read(Path(path))]
    names = [s.name for s in statements]
    for name in names:
        if names.count(name) > 1:
            sys.exit(f"two statements are named {name}")
    Path(target_h).write_text(header(statements))
    Path(target_c).write_text(source(statements))


main()
