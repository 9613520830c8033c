#!/usr/bin/env python3
"""check_citations.py REPORT.json|REPORT.html FILE...: looks up every citation in the original files; nothing of the product is used."""
import bz2, gzip, hashlib, io, json, lzma, re, subprocess, sys, tarfile, zipfile

def members(data):
    yield data
    if data[:2] == b'\x1f\x8b': yield from members(gzip.decompress(data))
    elif data[:3] == b'BZh': yield from members(bz2.decompress(data))
    elif data[:6] == b'\xfd7zXZ\0': yield from members(lzma.decompress(data))
    elif data[:4] == b'\x28\xb5\x2f\xfd': yield from members(subprocess.run(['zstd', '-dc'], input=data, capture_output=True, check=True).stdout)
    elif data[:4] == b'PK\3\4':
        with zipfile.ZipFile(io.BytesIO(data)) as z: yield from (m for n in z.namelist() for m in members(z.read(n)))
    elif data[257:262] == b'ustar':
        with tarfile.open(fileobj=io.BytesIO(data)) as t: yield from (m for e in t if e.isreg() for m in members(t.extractfile(e).read()))

text = open(sys.argv[1], encoding='utf-8').read()
if sys.argv[1].endswith('.json'): cited = [(c['auditID'], c['sha256'], c['offset'], c['length']) for c in json.loads(text)['findings']['citations']]
else: cited = re.findall(r'data-audit-id="([^"]*)" data-sha256="(\w+)" data-offset="(\d+)" data-length="(\d+)"', text)
have = {hashlib.sha256(m).hexdigest(): m for path in sys.argv[2:] for m in members(open(path, 'rb').read())}
wrong = [c for c in cited if c[0].encode() not in have.get(c[1], b'')[int(c[2]):int(c[2]) + int(c[3])]]
print(f'{len(cited)} citations, {len(wrong)} wrong', *wrong[:5], sep='\n')
sys.exit(1 if wrong or not cited else 0)
