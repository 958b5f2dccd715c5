/** Why a text is no condition, and where: characters from 0, in UTF-16 units as editors count them. */
export interface ConditionFault {
  readonly code:
    | 'CONDITION_TOO_LONG'
    | 'CONDITION_SYNTAX'
    | 'CONDITION_UNKNOWN_NAME'
    | 'CONDITION_TYPE'
    | 'CONDITION_NOT_ALLOWED'
    | 'CONDITION_WORD_FORM'
    | 'CONDITION_CONSTANT'
    | 'CONDITION_OUT_OF_RANGE'
    | 'CONDITION_TOO_COSTLY';
  readonly detail: string;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Ends the inspection of a text at its first fault. */
export class ConditionFaultError extends Error {
  constructor(readonly fault: ConditionFault) {
    super(fault.detail);
  }
}

export function faultAt(
  node: { readonly start: number; readonly end: number },
  code: ConditionFault['code'],
  detail: string,
): ConditionFaultError {
  return new ConditionFaultError({ code, detail, from: node.start, to: node.end });
}
