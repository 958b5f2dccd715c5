import type { FieldError } from '../../kernel/problem.js';
import { MemberRefDto, targetOf } from './member-ref.dto.js';
import { ProblemException } from './problem.exception.js';
import { validated } from './validation.js';

const ID = 'mbr_01h455vb4pex5vsknk084sn02q';

function read(member: object) {
  return targetOf(validated(MemberRefDto, member), { phoneRegion: 'TW' });
}

function faultsOf(member: object): readonly [string, string][] {
  try {
    read(member);
  } catch (error) {
    const errors = (error as ProblemException).problem.errors as readonly FieldError[];
    return errors.map(({ pointer, code }) => [pointer, code]);
  }
  throw new Error('accepted');
}

describe('a member is named', () => {
  it.each([
    ['by id', { id: ID }, { kind: 'member', id: ID }],
    ['by external id', { externalId: 'C-1' }, { kind: 'identity', type: 'externalId', value: 'C-1' }],
    [
      'by an identity',
      { identity: { type: 'card', value: '29' } },
      { kind: 'identity', type: 'card', value: '29' },
    ],
    [
      'by one way, the others being null',
      { id: null, externalId: 'C-1', identity: null },
      { kind: 'identity', value: 'C-1' },
    ],
  ])('%s', (_, member, target) => {
    expect(read(member)).toMatchObject(target);
  });
});

describe('a member is not named', () => {
  it.each([
    ['by nothing', {}, [['/member', 'ONE_OF']]],
    ['by null', { id: null }, [['/member', 'ONE_OF']]],
    ['in two ways', { id: ID, externalId: 'C-1' }, [['/member', 'ONE_OF']]],
    ['by the id of something else', { id: 'acc_01h455vb4pex5vsknk084sn02q' }, [['/member/id', 'NOT_AN_ID']]],
    [
      'by the identity that external ids are kept as',
      { identity: { type: 'externalId', value: 'C-1' } },
      [['/member/identity/type', 'RESERVED']],
    ],
    [
      'by half an identity',
      { identity: { type: 'card' } },
      expect.arrayContaining([['/identity/value', 'IS_KEY_TEXT']]),
    ],
  ])('%s', (_, member, faults) => {
    expect(faultsOf(member)).toEqual(faults);
  });
});
