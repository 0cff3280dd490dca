#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check-translations - every text a patient or the staff can see is translated into every language

usage: check-translations.py SOURCE_ROOT

Extracts the texts of the files in POTFILES (assets/po: patients, assets/po-desk: staff) and
compares each language's catalogue: complete, nothing fuzzy, nothing left over, the same printf
arguments (msgfmt -c). Files of the kiosk and the desk that have texts and are not listed fail too.
"""
import pathlib
import subprocess
import sys
import tempfile

KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'ngettext:1,2']
# folder of the catalogues: which text of a code is theirs, where the texts are
CATALOGUES = {
    'assets/po': ('SUGU_CODE:3', ('kiosk', 'kiosk/screens', 'kiosk/widgets')),
    'assets/po-desk': ('SUGU_CODE:4',
                       ('desk/console', 'desk/console/pages', 'desk/console/widgets')),
}


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def extract(root, files, code, target):
    keywords = ['--keyword=' + keyword for keyword in KEYWORDS + [code]]
    run('xgettext', '--from-code=UTF-8', '-o', target, *keywords, *files, cwd=root, check=True)


def unlisted(root, folders, listed):
    places = [p for folder in folders
              for p in (root / folder).iterdir() if p.suffix in ('.c', '.h', '.ui')]
    names = {str(p.relative_to(root)) for p in places}
    return [name for name in sorted(names - set(listed))
            if 'translatable="yes"' in (root / name).read_text()
            or any(word in (root / name).read_text() for word in (' _("', '(_("', 'C_("'))]


def check(root, place):
    po = root / place
    code, folders = CATALOGUES[place]
    listed = [line for line in (po / 'POTFILES').read_text().split('\n')
              if line and not line.startswith('#')]
    complaints = [f'{name} has texts and is not in {place}/POTFILES'
                  for name in unlisted(root, folders, listed)]
    with tempfile.TemporaryDirectory() as folder:
        template = str(pathlib.Path(folder) / 'texts.pot')
        extract(root, listed, code, template)
        for language in (po / 'LINGUAS').read_text().split():
            complaints += check_language(str(po / f'{language}.po'), f'{place}: {language}',
                                         template)
    return complaints


def check_language(catalogue, name, template):
    checks = [
        run('msgfmt', '--check', '-o', '/dev/null', catalogue),
        run('msgcmp', catalogue, template),
    ]
    complaints = [f'{name}: {check.stderr}' for check in checks if check.returncode]
    for kind in ('--untranslated', '--only-fuzzy'):
        left = run('msgattrib', '--no-obsolete', kind, catalogue).stdout
        if left.strip():
            complaints.append(f'{name}: {kind[2:]}:\n{left}')
    merged = run('msgcmp', '--use-untranslated', template, catalogue)
    if merged.returncode:
        complaints.append(f'{name}: texts that no page has:\n{merged.stderr}')
    return complaints


def main():
    root = pathlib.Path(sys.argv[1])
    complaints = [complaint for place in CATALOGUES for complaint in check(root, place)]
    print('\n'.join(complaints) or 'every text is translated')
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main())
