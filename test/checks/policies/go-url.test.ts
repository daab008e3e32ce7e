import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseGoUrl, splitHost } from '../../../src/checks/policies/values/go-url.js';

// each answer is that of Go's net/url (ParseRequestURI, then Parse)
describe('URLs as Go reads them', () => {
  it.each([
    ['https://example.com:8080/a?b=c#d', 'https', 'example.com:8080', '/a'],
    ['HTTP://', 'http', '', ''],
    ['http://[::1]:80/x y', 'http', '[::1]:80', '/x%20y'],
    ['http://u:p@h/%41', 'http', 'h', '/%41'],
    ['/a/b', '', '', '/a/b'],
    ['mailto:a@b', 'mailto', '', ''],
    ['*', '', '', '*'],
    ['http://h/ü', 'http', 'h', '/%C3%BC'],
    ['//host/x', '', '', '//host/x'],
  ])('%s', (source, scheme, host, path) => {
    expect(parseGoUrl(source)).toMatchObject({ scheme, host, path });
  });

  it.each([
    '',
    'a',
    'example.com',
    ':a',
    'http://h:x/',
    'http://a b/',
    'http://h/%zz',
    'http://[::1',
    'http://a#b/%',
    'http://h/\u0001',
  ])('is none: %j', (source) => {
    expect(parseGoUrl(source)).toBeNull();
  });

  it('reads queries, and drops what is malformed', () => {
    expect([...(parseGoUrl('/x?a=1&a=2&b&c=%zz&d;e=1&f=a+b%21')?.query ?? [])]).toEqual([
      ['a', ['1', '2']],
      ['b', ['']],
      ['f', ['a b!']],
    ]);
  });

  it('splits hosts', () => {
    expect(splitHost('[::1]:80')).toEqual({ hostname: '::1', port: '80' });
    expect(splitHost('[::1]')).toEqual({ hostname: '::1', port: '' });
    expect(splitHost('a')).toEqual({ hostname: 'a', port: '' });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (source) => void parseGoUrl(`http://${source}`)));
  });
});
