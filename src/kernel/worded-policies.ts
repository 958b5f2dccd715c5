import type { CalendarDuration, ExpiryPeriod, ExpiryPolicy } from './expiry-policy.js';
import type { PendingPolicy } from './pending-policy.js';
import { countWords, dayWords } from './worded-figures.js';
import { listed, quoted, wording, type Wording } from './wording.js';

const PERIODS: Readonly<Record<ExpiryPeriod, readonly [en: string, zh: string]>> = {
  month: ['month', '當月'],
  quarter: ['quarter', '當季'],
  half: ['half-year', '當半年'],
  year: ['year', '當年'],
};

/** "7 days", "1 month"; 「7 天」, 「1 個月」. */
export function durationWords({ days, months }: CalendarDuration): Wording {
  return days === undefined ? countWords(months, 'month', '個月') : countWords(days, 'day', '天');
}

/** How long points live, as what they do: "expire 12 months after the day on which they become usable". */
export function expiryWords(policy: ExpiryPolicy): Wording {
  switch (policy.type) {
    case 'never':
      return wording('do not expire', '永久有效');
    case 'days':
    case 'months': {
      const after = durationWords(policy.type === 'days' ? { days: policy.days } : { months: policy.months });
      return wording(
        `expire ${after.en} after the day on which they become usable, at the end of the day`,
        `自可使用之日起 ${after['zh-Hant']}內有效，到期日當天仍可使用`,
      );
    }
    case 'endOf': {
      const [en, zh] = PERIODS[policy.unit];
      const after = policy.after && durationWords(policy.after);
      return wording(
        `expire at the end of the ${en} in which ${after ? `${after.en} have passed since they became usable` : 'they become usable'}`,
        `有效至${after ? `可使用之日起 ${after['zh-Hant']}後的` : '可使用之日的'}${zh}底`,
      );
    }
    case 'fixedDate': {
      const day = dayWords(policy.date);
      const least = policy.minimumDays ? countWords(policy.minimumDays, 'day', '天') : null;
      return wording(
        `expire at the end of ${day.en}${least ? `, and live for at least ${least.en}` : ''}`,
        `有效至 ${day['zh-Hant']}${least ? `，且至少 ${least['zh-Hant']}` : ''}`,
      );
    }
    case 'sliding': {
      const after = durationWords(policy);
      return wording(
        `expire all together ${after.en} after the last activity on the account`,
        `在帳戶最後一次異動後 ${after['zh-Hant']}一併到期`,
      );
    }
  }
}

/** From when on points may be used, as what they do: "become usable 7 days after the day of the purchase". */
export function pendingWords(policy: PendingPolicy): Wording {
  switch (policy.type) {
    case 'none':
      return wording('can be used at once', '立即可用');
    case 'days': {
      const days = countWords(policy.days, 'whole day', '天');
      return wording(
        `can be used ${days.en} after the day of the purchase`,
        `於消費日後 ${days['zh-Hant']}期滿的次日起可用`,
      );
    }
    case 'dates': {
      const dates = listed(policy.dates.map(dayWords), 'or');
      return wording(`can be used from the next ${dates.en} on`, `自下一個 ${dates['zh-Hant']}起可用`);
    }
    case 'event': {
      const event =
        EVENTS[policy.event] ??
        wording(`the event ${quoted(policy.event).en}`, `事件${quoted(policy.event)['zh-Hant']}`);
      const then = policy.thenDays === 0 ? null : countWords(policy.thenDays, 'whole day', '天');
      const cancel = countWords(policy.cancelAfterDays, 'day', '天');
      return wording(
        `can be used ${then ? `${then.en} after ` : 'after '}${event.en}; without it they are cancelled after ${cancel.en}`,
        `於${event['zh-Hant']}後${then ? `滿 ${then['zh-Hant']}` : ''}可用；${cancel['zh-Hant']}內未發生則取消`,
      );
    }
  }
}

const EVENTS: Readonly<Record<string, Wording>> = {
  delivered: wording('the delivery', '商品送達'),
  returnWindowOver: wording('the end of the return period', '鑑賞期結束'),
};
