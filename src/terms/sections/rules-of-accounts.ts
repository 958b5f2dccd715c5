import { countWords, pointsWords } from '../../kernel/worded-figures.js';
import { wording, type Wording } from '../../kernel/wording.js';
import type { ProgrammePolicy } from '../../programmes/index.js';
import { from, type TermSection, type TermSource } from '../terms.js';

const USED_ALREADY: Readonly<Record<ProgrammePolicy['returnPolicy'], Wording>> = {
  debt: wording(
    'If these points were used already, the member owes them, and the next points pay them off.',
    '若點數已使用，差額記為欠點，由之後獲得的點數抵還。',
  ),
  deductFromRefund: wording(
    'If these points were used already, their value is taken off the refund.',
    '若點數已使用，其價值自退款中扣除。',
  ),
  forgive: wording(
    'If these points were used already, nothing more is asked for.',
    '若點數已使用，不再追討。',
  ),
};

export function returnsSection({ returnPolicy }: ProgrammePolicy, source: TermSource | null): TermSection {
  return {
    key: 'returns',
    heading: wording('Returns', '退貨'),
    sentences: from(
      source,
      wording('The points that returned goods had earned are taken back.', '退貨時，收回該商品所得的點數。'),
      USED_ALREADY[returnPolicy],
    ),
  };
}

export function transfersSection({ transfers }: ProgrammePolicy, source: TermSource | null): TermSection {
  const heading = wording('Sending points', '轉贈點數');
  if (!transfers) {
    const none = wording('Members cannot send each other points.', '會員之間不能轉贈點數。');
    return { key: 'transfers', heading, sentences: from(source, none) };
  }
  const [least, most] = [transfers.minimumPoints, transfers.maximumPoints].map((points) =>
    points === null ? null : pointsWords(points),
  );
  const bounds = wording(
    `${least && transfers.minimumPoints > 1 ? `, ${least.en} or more at a time` : ''}${most ? `, at most ${most.en} at a time` : ''}`,
    `${least && transfers.minimumPoints > 1 ? `，每次至少 ${least['zh-Hant']}` : ''}${most ? `，每次最多 ${most['zh-Hant']}` : ''}`,
  );
  return {
    key: 'transfers',
    heading,
    sentences: from(
      source,
      wording(
        `Members can send each other points${bounds.en}.`,
        `會員之間可以轉贈點數${bounds['zh-Hant']}。`,
      ),
      transfers.expiry === 'keep'
        ? wording('Points that are sent keep their expiry.', '轉贈的點數維持原效期。')
        : wording('Points that are sent live anew from that day on.', '轉贈的點數自轉贈日起重新計算效期。'),
    ),
  };
}

export function householdsSection(): TermSection {
  return {
    key: 'households',
    heading: wording('Households', '家庭帳戶'),
    sentences: from(
      null,
      wording(
        'The members of a household share one account: all of them earn into it, and adults use its points.',
        '家庭成員共用一個帳戶：所有成員共同累積，成年成員可以使用點數。',
      ),
      wording(
        'Points and debts come along when a member joins; each member keeps a tier of their own.',
        '加入時，點數與欠點一併轉入；等級仍各自計算。',
      ),
      wording(
        'A member who leaves takes along the points that they earned and that are left, or another share that the household agrees on.',
        '離開時，可帶走自己累積且尚未使用的點數，或家庭商定的份額。',
      ),
    ),
  };
}

export function closingSection({ closing }: ProgrammePolicy, source: TermSource | null): TermSection {
  const days = countWords(closing.graceDays, 'day', '天');
  return {
    key: 'closing',
    heading: wording('Ending the membership', '終止會員資格'),
    sentences: from(
      source,
      closing.graceDays === 0
        ? wording(
            'When a membership ends, its points are forfeited at once.',
            '會員資格終止時，點數立即失效。',
          )
        : wording(
            `When a membership ends, its points cannot be used any more; they are kept for ${days.en} and forfeited after that.`,
            `會員資格終止後，點數不能再使用；保留 ${days['zh-Hant']}後失效。`,
          ),
    ),
  };
}
