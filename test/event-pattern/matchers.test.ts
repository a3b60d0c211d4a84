import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../event-pattern/pattern.ts';

type Row = readonly [field: string, event: string, matches: boolean];

function table(rows: readonly Row[]): void {
  it.each(rows)('pattern {"a":%s} and event %s: %s', (field, event, expected) => {
    expect(compilePattern(`{"a":${field}}`).matches(event)).toBe(expected);
  });
}

describe('an exact value', () => {
  table([
    ['["x"]', '{"a":"x"}', true],
    ['["x"]', '{"a":"X"}', false],
    ['["x","y"]', '{"a":"y"}', true],
    ['[""]', '{"a":""}', true],
    ['[""]', '{"b":""}', false],
    ['["true"]', '{"a":true}', false],
    ['[true]', '{"a":true}', true],
    ['[true]', '{"a":"true"}', false],
    ['[false]', '{"a":false}', true],
    ['[null]', '{"a":null}', true],
    ['[null]', '{"a":""}', false],
    ['[null]', '{}', false],
    ['["5"]', '{"a":5}', false],
    ['[5]', '{"a":"5"}', false],
    ['["\\u0061"]', '{"a":"a"}', true],
    ['[{"exactly":"x"}]', '{"a":"x"}', true],
    ['["x"]', '{"a":["y","x"]}', true],
    ['["x"]', '{"a":[["x"]]}', true],
    ['["x"]', '{"a":{"b":"x"}}', false],
  ]);
});

describe('an exact number', () => {
  table([
    ['[300]', '{"a":300.0}', true],
    ['[300]', '{"a":3.0e2}', true],
    ['[3e2]', '{"a":300}', true],
    ['[0]', '{"a":-0.0}', true],
    ['[0.1]', '{"a":0.10}', true],
    ['[9007199254740993]', '{"a":9007199254740993}', true],
    ['[9007199254740993]', '{"a":9007199254740992}', false],
    ['[9007199254740993]', '{"a":9007199254740993.0}', false],
    ['[12345678901234567890]', '{"a":12345678901234567891}', false],
    ['[1e400]', '{"a":1e400}', true],
    ['[1e400]', '{"a":2e400}', false],
  ]);
});

describe('an exact IP address', () => {
  table([
    ['["10.0.0.1"]', '{"a":"10.0.0.1"}', true],
    ['["10.0.0.1"]', '{"a":"010.0.0.001"}', true],
    ['["10.0.0.1"]', '{"a":"::ffff:a00:1"}', true],
    ['["10.0.0.1"]', '{"a":"10.0.0.2"}', false],
    ['["2001:DB8::1"]', '{"a":"2001:db8:0:0:0:0:0:1"}', true],
    ['["10.0.0.999"]', '{"a":"10.0.0.999"}', true],
    ['["12:30"]', '{"a":"12:30"}', true],
    ['[{"exactly":"10.0.0.1"}]', '{"a":"010.0.0.1"}', false],
  ]);
});

describe('prefix and suffix', () => {
  table([
    ['[{"prefix":"ab"}]', '{"a":"abc"}', true],
    ['[{"prefix":"ab"}]', '{"a":"xab"}', false],
    ['[{"prefix":""}]', '{"a":"anything"}', true],
    ['[{"prefix":""}]', '{"a":5}', false],
    ['[{"prefix":"1"}]', '{"a":12}', false],
    ['[{"prefix":{"equals-ignore-case":"AB"}}]', '{"a":"abC"}', true],
    ['[{"prefix":{"equals-ignore-case":"AB"}}]', '{"a":"bab"}', false],
    ['[{"suffix":".png"}]', '{"a":"x.png"}', true],
    ['[{"suffix":".png"}]', '{"a":"x.PNG"}', false],
    ['[{"suffix":""}]', '{"a":"x"}', true],
    ['[{"suffix":{"equals-ignore-case":".png"}}]', '{"a":"x.PNG"}', true],
    ['[{"suffix":"雨"}]', '{"a":"大雨"}', true],
  ]);
});

describe('equals-ignore-case', () => {
  table([
    ['[{"equals-ignore-case":"Abc"}]', '{"a":"aBC"}', true],
    ['[{"equals-ignore-case":"Abc"}]', '{"a":"abcd"}', false],
    ['[{"equals-ignore-case":"é"}]', '{"a":"É"}', true],
    ['[{"equals-ignore-case":"a.c"}]', '{"a":"abc"}', false],
    ['[{"equals-ignore-case":""}]', '{"a":""}', true],
    ['[{"equals-ignore-case":"x"}]', '{"a":null}', false],
  ]);
});

describe('wildcard', () => {
  table([
    ['[{"wildcard":"a*c"}]', '{"a":"ac"}', true],
    ['[{"wildcard":"a*c"}]', '{"a":"abbbc"}', true],
    ['[{"wildcard":"a*c"}]', '{"a":"abcd"}', false],
    ['[{"wildcard":"*"}]', '{"a":""}', true],
    ['[{"wildcard":"*"}]', '{"a":5}', false],
    ['[{"wildcard":"*x*"}]', '{"a":"axb"}', true],
    ['[{"wildcard":"a\\\\*c"}]', '{"a":"a*c"}', true],
    ['[{"wildcard":"a\\\\*c"}]', '{"a":"abc"}', false],
    ['[{"wildcard":"a\\\\\\\\*"}]', '{"a":"a\\\\b"}', true],
    ['[{"wildcard":"*ab*ab"}]', '{"a":"abxab"}', true],
    ['[{"wildcard":"*ab*ab"}]', '{"a":"abx"}', false],
    ['[{"wildcard":""}]', '{"a":"x"}', false],
  ]);
});

describe('anything-but', () => {
  table([
    ['[{"anything-but":"x"}]', '{"a":"y"}', true],
    ['[{"anything-but":"x"}]', '{"a":"x"}', false],
    ['[{"anything-but":"x"}]', '{}', false],
    ['[{"anything-but":"x"}]', '{"a":null}', true],
    ['[{"anything-but":"x"}]', '{"a":5}', true],
    ['[{"anything-but":"x"}]', '{"a":{"b":"y"}}', false],
    ['[{"anything-but":"x"}]', '{"a":["x","y"]}', true],
    ['[{"anything-but":"x"}]', '{"a":["x"]}', false],
    ['[{"anything-but":"x"}]', '{"a":[]}', false],
    ['[{"anything-but":["x","y"]}]', '{"a":"y"}', false],
    ['[{"anything-but":["x","y"]}]', '{"a":"z"}', true],
    ['[{"anything-but":5}]', '{"a":5.0}', false],
    ['[{"anything-but":5}]', '{"a":"5"}', true],
    ['[{"anything-but":[5,6]}]', '{"a":6}', false],
    ['[{"anything-but":[5,6]}]', '{"a":9007199254740993}', true],
    ['[{"anything-but":{"prefix":"ab"}}]', '{"a":"abc"}', false],
    ['[{"anything-but":{"prefix":["ab","x"]}}]', '{"a":"xyz"}', false],
    ['[{"anything-but":{"prefix":["ab","x"]}}]', '{"a":"c"}', true],
    ['[{"anything-but":{"prefix":"ab"}}]', '{"a":7}', true],
    ['[{"anything-but":{"suffix":"c"}}]', '{"a":"abc"}', false],
    ['[{"anything-but":{"suffix":["c","d"]}}]', '{"a":"abe"}', true],
    ['[{"anything-but":{"equals-ignore-case":"Stop"}}]', '{"a":"sTOP"}', false],
    ['[{"anything-but":{"equals-ignore-case":["stop","end"]}}]', '{"a":"END"}', false],
    ['[{"anything-but":{"equals-ignore-case":["stop","end"]}}]', '{"a":"go"}', true],
    ['[{"anything-but":{"wildcard":"*/bin/*"}}]', '{"a":"/x/bin/y"}', false],
    ['[{"anything-but":{"wildcard":["*/bin/*","*.tmp"]}}]', '{"a":"f.tmp"}', false],
    ['[{"anything-but":{"wildcard":["*/bin/*","*.tmp"]}}]', '{"a":"f.txt"}', true],
    ['[{"anything-but":"10.0.0.1"}]', '{"a":"010.0.0.1"}', true],
  ]);
});

describe('numeric', () => {
  table([
    ['[{"numeric":["=",301.8]}]', '{"a":3.018e2}', true],
    ['[{"numeric":["=",5]}]', '{"a":"5"}', false],
    ['[{"numeric":[">",0,"<=",5]}]', '{"a":5}', true],
    ['[{"numeric":[">",0,"<=",5]}]', '{"a":0}', false],
    ['[{"numeric":[">=",0,"<",5]}]', '{"a":0}', true],
    ['[{"numeric":["<",-1]}]', '{"a":-1.5}', true],
    ['[{"numeric":["<=",-1]}]', '{"a":-1}', true],
    ['[{"numeric":[">",5000000000]}]', '{"a":5000000001}', true],
    ['[{"numeric":[">",0]}]', '{"a":9007199254740993}', false],
    ['[{"numeric":["=",0.000001]}]', '{"a":1e-6}', true],
    ['[{"numeric":[">",0]}]', '{"a":null}', false],
  ]);
});

describe('cidr', () => {
  table([
    ['[{"cidr":"10.0.0.0/24"}]', '{"a":"10.0.0.255"}', true],
    ['[{"cidr":"10.0.0.0/24"}]', '{"a":"10.0.1.0"}', false],
    ['[{"cidr":"10.0.0.77/24"}]', '{"a":"10.0.0.1"}', true],
    ['[{"cidr":"10.0.0.0/24"}]', '{"a":"host"}', false],
    ['[{"cidr":"10.0.0.0/24"}]', '{"a":10}', false],
    ['[{"cidr":"0.0.0.0/0"}]', '{"a":"255.1.2.3"}', true],
    ['[{"cidr":"2001:db8::/32"}]', '{"a":"2001:DB8:ffff::1"}', true],
    ['[{"cidr":"2001:db8::/32"}]', '{"a":"2001:db9::1"}', false],
    ['[{"cidr":"10.0.0.0/8"}]', '{"a":"::ffff:a01:203"}', true],
    ['[{"cidr":"0.0.0.0/0"}]', '{"a":"2001:db8::1"}', true],
  ]);
});

describe('exists', () => {
  table([
    ['[{"exists":true}]', '{"a":null}', true],
    ['[{"exists":true}]', '{"a":{"b":1}}', false],
    ['[{"exists":true}]', '{"a":[]}', false],
    ['[{"exists":true}]', '{"a":[1]}', true],
    ['[{"exists":false}]', '{"b":1}', true],
    ['[{"exists":false}]', '{"a":1}', false],
    ['[{"exists":false}]', '{"a":{"b":1}}', true],
    ['[{"exists":false}]', '{"a":[]}', true],
    ['[{"exists":false},"x"]', '{"a":"x"}', true],
    ['[{"exists":false},"x"]', '{"a":"y"}', false],
  ]);
});
