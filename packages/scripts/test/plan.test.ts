import { PROBLEM_CODES, planScripts, type Script } from '@muster/scripts';
import { describe, expect, it } from 'vitest';
import { script } from './support/rig.ts';

function messages(scripts: Script[], external: string[] = []): string[] {
  return planScripts(scripts, { external }).problems.map(({ message }) => message);
}

describe('planScripts names units', () => {
  it('takes the resource address, else the display name, else none', () => {
    const scripts = [
      { ...script('a', ''), displayName: 'shown', resourceAddress: 'module.a.x["b"]' },
      { ...script('b', ''), displayName: 'Shown too' },
      { id: 'c', script: '', triggers: ['start'] } as const,
    ];
    const { planned, warnings } = planScripts(scripts);
    expect(planned.map(({ unit }) => unit)).toEqual(['module.a.x["b"]', 'Shown too', null]);
    expect(warnings.map(({ message }) => message)).toEqual([
      'script "c" has neither a displayName nor a resourceAddress: it runs, but no unit shows it',
    ]);
  });

  it('gives later scripts of one name a number of their own, and never one that is taken', () => {
    const named = (id: string, displayName: string) => ({ ...script(id, ''), displayName });
    const { planned, warnings, problems } = planScripts([
      named('1', 'x'),
      named('2', 'x'),
      named('3', 'x#2'),
      named('4', 'x'),
    ]);
    expect(planned.map(({ unit }) => unit)).toEqual(['x', 'x#3', 'x#2', 'x#4']);
    expect(warnings.map(({ message }) => message)).toEqual([
      'script "2": another script has the unit "x" already, so this one is "x#3"',
      'script "4": another script has the unit "x" already, so this one is "x#4"',
    ]);
    expect(problems).toEqual([]);
  });

  it('keeps names apart that objects would confuse', () => {
    const { planned, problems } = planScripts([
      script('__proto__', ''),
      script('constructor', '', { needs: ['__proto__'] }),
    ]);
    expect(problems).toEqual([]);
    expect(planned.map(({ unit, dependencies }) => [unit, dependencies])).toEqual([
      ['__proto__', []],
      ['constructor', [{ dependsOn: '__proto__', requires: 'succeeded' }]],
    ]);
  });
});

describe('planScripts finds everything that is wrong', () => {
  it('with the names of others, too', () => {
    expect(messages([script('a', '', { needs: ['tab\there', 'fine'] })], ['tab\there', 'fine'])).toEqual([
      'script "a": "tab\\u{9}here" can\'t be the name of a unit: it has the control character U+0009. Use 1 to 256 characters, none of them a control character.',
    ]);
  });

  it('and takes a swap of letters for a slip', () => {
    expect(messages([script('db', ''), script('a', '', { needs: ['c'] })])).toEqual([
      'script "a": needs "c", which is no unit here. Correct the name, or declare it as external.',
    ]);
    expect(messages([script('clone', ''), script('a', '', { needs: ['clnoe'] })])).toEqual([
      'script "a": needs "clnoe", which is no unit here. Did you mean "clone"?',
    ]);
  });

  it('at once, in the order of the scripts, each with what to do', () => {
    const scripts = [
      script('clone', '', { timeoutMs: -1 }),
      script('install', '', { needs: ['clnoe', 'goodbye'], after: ['xyzzy', 'far'] }),
      script('goodbye', '', { triggers: ['stop'], after: ['clone'] }),
      script('backup', '', { triggers: ['cron'], cron: 'often', timezone: 'Europe/Berlim', after: ['clone'] }),
      script('leap', '', { triggers: ['cron'], cron: '0 0 30 2 *' }),
      script('bare', '', { triggers: ['cron'] }),
      script('empty', '', { displayName: '' }),
      { id: 'nameless', script: '', triggers: ['start'], needs: ['clone'] } as const,
      script('twin', '', { displayName: 't' }),
      script('twin', '', { displayName: 't' }),
      script('who', '', { needs: ['t'] }),
    ];
    expect(messages(scripts, ['far'])).toMatchInlineSnapshot(`
      [
        "script "clone": timeout "-1" is not a duration. Use milliseconds, 0 or more; 0 means no limit.",
        "script "install": after "xyzzy", which is no unit here. Correct the name, or declare it as external.",
        "script "install": needs "clnoe", which is no unit here. Did you mean "clone"?",
        "script "install": needs "goodbye", which never runs on start. Give both the same trigger, or leave the dependency out.",
        "script "goodbye": after "clone", which never runs on stop. Give both the same trigger, or leave the dependency out.",
        "script "backup": cron "often" is not a schedule. Use five fields, or six with seconds, as in "*/5 * * * *".",
        "script "backup": timezone "Europe/Berlim" is not known here. Use an IANA name, as in "Europe/Berlin".",
        "script "leap": cron "0 0 30 2 *" is never due. Choose a date that exists.",
        "script "bare": it is to run on a schedule, but has none. Set cron, as in "*/5 * * * *".",
        "script "empty": "" can't be the name of a unit: it is empty. Use 1 to 256 characters, none of them a control character.",
        "script "nameless": it has needs, but no unit. Give it a displayName or a resourceAddress.",
        "script "twin": another script has the same id. Give each script an id of its own.",
        "script "who": needs "t", but several scripts have that name. Give each a name of its own.",
      ]
    `);
  });

  it('names the ends of a long circle, and all of it in the facts', () => {
    const circle = Array.from({ length: 1000 }, (_, index) =>
      script(`s${index}`, 'true', { after: [`s${(index + 1) % 1000}`] }),
    );
    const [found] = planScripts(circle).problems;
    expect(found?.facts.path).toHaveLength(1001);
    expect(found?.message).toContain('"s4" → 990 more → "s995"');
  });

  it('names the whole circle, and only once', () => {
    const circle = [
      script('a', '', { needs: ['c'] }),
      script('b', '', { after: ['a'] }),
      script('c', '', { needs: ['b'] }),
    ];
    expect(planScripts(circle).problems).toMatchInlineSnapshot(`
      [
        {
          "code": "cycle",
          "facts": {
            "path": [
              "a",
              "c",
              "b",
              "a",
            ],
          },
          "field": "needs",
          "index": 0,
          "message": "script "a": it would wait for itself: "a" → "c" → "b" → "a". Leave out one of these dependencies.",
          "script": "a",
        },
      ]
    `);
    expect(messages([script('self', '', { after: ['self'] })])).toMatchInlineSnapshot(`
      [
        "script "self": it would wait for itself: "self" → "self". Leave out one of these dependencies.",
      ]
    `);
  });

  it('is not deterred by a chain of 20,000 scripts', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) =>
      script(`s${n}`, '', n === 0 ? {} : { needs: [`s${n - 1}`] }),
    );
    expect(planScripts(chain).problems).toEqual([]);
  });

  it('says where a problem is and from which facts', () => {
    const [problem] = planScripts([script('a', ''), script('b', '', { after: ['x', 'A'] })], {
      external: ['x'],
    }).problems;
    expect(problem).toEqual({
      code: 'unknown_dependency',
      script: 'b',
      field: 'after',
      index: 1,
      message: 'script "b": after "A", which is no unit here. Did you mean "a"?',
      facts: { value: 'A', nearest: 'a' },
    });
  });

  it('knows no other codes than it lists', () => {
    expect(PROBLEM_CODES).toHaveLength(new Set(PROBLEM_CODES).size);
  });

  it('accepts five fields, six fields, nicknames and sloppy steps, but not seven fields', () => {
    const cron = (pattern: string) => messages([script('c', '', { triggers: ['cron'], cron: pattern })]).length;
    expect(['*/5 * * * *', '*/2 * * * * *', '@daily', '5/15 * * * *', '* * * * * * 2030', ''].map(cron)).toEqual([
      0, 0, 0, 0, 1, 1,
    ]);
  });

  it('lets a scheduled script wait for a start script', () => {
    expect(messages([script('a', ''), script('c', '', { triggers: ['cron'], cron: '@daily', needs: ['a'] })])).toEqual(
      [],
    );
  });
});
