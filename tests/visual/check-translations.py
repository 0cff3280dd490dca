#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check-translations - every text a patient can see is translated into every language

usage: check-translations.py SOURCE_ROOT

Extracts the texts of the files in assets/po/POTFILES and compares each language's catalogue:
complete, nothing fuzzy, nothing left over, the same printf arguments (msgfmt -c). Files of the
kiosk that have texts and are not listed fail as well.
"""
import pathlib
import subprocess
import sys
import tempfile

KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'ngettext:1,2', 'SUGU_CODE:3']


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def extract(root, files, target):
    keywords = ['--keyword=' + keyword for keyword in KEYWORDS]
    run('xgettext', '--from-code=UTF-8', '-o', target, *keywords, *files, cwd=root, check=True)


def unlisted(root, listed):
    places = [p for folder in ('kiosk', 'kiosk/screens', 'kiosk/widgets')
              for p in (root / folder).iterdir() if p.suffix in ('.c', '.ui')]
    names = {str(p.relative_to(root)) for p in places}
    return [name for name in sorted(names - set(listed))
            if 'translatable="yes"' in (root / name).read_text()
            or any(word in (root / name).read_text() for word in (' _("', '(_("', 'C_("'))]


def main():
    root = pathlib.Path(sys.argv[1])
    po = root / 'assets/po'
    listed = [line for line in (po / 'POTFILES').read_text().split('\n')
              if line and not line.startswith('#')]
    complaints = [f'{name} has texts and is not in assets/po/POTFILES'
                  for name in unlisted(root, listed)]
    with tempfile.TemporaryDirectory() as folder:
        template = str(pathlib.Path(folder) / 'sugu.pot')
        extract(root, listed, template)
        for language in (po / 'LINGUAS').read_text().split():
            catalogue = str(po / f'{language}.po')
            checks = [
                run('msgfmt', '--check', '-o', '/dev/null', catalogue),
                run('msgcmp', catalogue, template),
            ]
            complaints += [f'{language}: {check.stderr}' for check in checks if check.returncode]
            for kind in ('--untranslated', '--only-fuzzy'):
                left = run('msgattrib', '--no-obsolete', kind, catalogue).stdout
                if left.strip():
                    complaints.append(f'{language}: {kind[2:]}:\n{left}')
            merged = run('msgcmp', '--use-untranslated', template, catalogue)
            if merged.returncode:
                complaints.append(f'{language}: texts that no page has:\n{merged.stderr}')
    print('\n'.join(complaints) or 'every text is translated')
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main())
