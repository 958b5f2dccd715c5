import { ProblemException } from '../platform/http/problem.exception.js';
import { validated } from '../platform/http/validation.js';
import { AccountingPolicyDto, accountingPolicyOf } from './accounting-policy.dto.js';

const LEAST = { entity: 'Laurel Ltd', valuePerPoint: '0.5', redemptionProbability: '0.9' };

function pointers(body: object): string[] {
  try {
    validated(AccountingPolicyDto, body);
    return [];
  } catch (error) {
    return ((error as ProblemException).problem.errors ?? []).map(({ pointer }) => pointer);
  }
}

describe('AccountingPolicyDto', () => {
  it('fills in what may be left out', () => {
    expect(accountingPolicyOf(validated(AccountingPolicyDto, LEAST), undefined)).toEqual({
      ...LEAST,
      method: 'relative_ssp',
      valueIncludesTax: false,
      taxRate: '0',
      accounts: {},
    });
  });

  it('keeps what it says', () => {
    const body = {
      ...LEAST,
      method: 'relative_ssp',
      valueIncludesTax: true,
      taxRate: '0.05',
      accounts: { CL_POINTS: '2131' },
    };
    expect(accountingPolicyOf(validated(AccountingPolicyDto, body), undefined)).toEqual(body);
  });

  it('keeps of the version before what it does not say', () => {
    const before = accountingPolicyOf(
      validated(AccountingPolicyDto, {
        ...LEAST,
        valueIncludesTax: true,
        taxRate: '0.05',
        accounts: { CL_POINTS: '2131' },
        revenueByCategory: { 'gift-card': 'none' },
      }),
      undefined,
    );
    const next = { ...LEAST, redemptionProbability: '0.8' };
    expect(accountingPolicyOf(validated(AccountingPolicyDto, next), before)).toEqual({
      ...before,
      redemptionProbability: '0.8',
    });
    const cleared = { ...next, accounts: {}, revenueByCategory: {}, taxRate: '0', valueIncludesTax: false };
    expect(accountingPolicyOf(validated(AccountingPolicyDto, cleared), before)).toMatchObject(cleared);
  });

  it.each([
    ['/valuePerPoint', { valuePerPoint: '0' }],
    ['/valuePerPoint', { valuePerPoint: 1 }],
    ['/valuePerPoint', { valuePerPoint: '-1' }],
    ['/redemptionProbability', { redemptionProbability: '0' }],
    ['/redemptionProbability', { redemptionProbability: '1.01' }],
    ['/taxRate', { taxRate: '1' }],
    ['/accounts', { accounts: { CASH: '1100' } }],
    ['/accounts', { accounts: { CL_POINTS: ' ' } }],
    ['/accounts', { accounts: ['2131'] }],
    ['/method', { method: 'residual' }],
    ['/entity', { entity: '' }],
    ['/valueIncludesTax', { valueIncludesTax: 'yes' }],
    ['/discountRate', { discountRate: '0' }],
  ])('refuses at %s %j', (pointer, change) => {
    expect(pointers({ ...LEAST, ...change })).toEqual([pointer]);
  });

  it('takes a probability of exactly one', () => {
    expect(pointers({ ...LEAST, redemptionProbability: '1.000' })).toEqual([]);
  });
});
