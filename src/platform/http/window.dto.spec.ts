import { ProblemException } from './problem.exception.js';
import { validated } from './validation.js';
import { WindowDto, windowOf } from './window.dto.js';

const read = (body: object) => windowOf(validated(WindowDto, body), '/window');

function faultsOf(body: object): unknown {
  try {
    read(body);
  } catch (error) {
    return (error as ProblemException).problem.errors?.map(({ pointer }) => pointer);
  }
  return [];
}

describe('a window of a request', () => {
  it.each([
    { type: 'calendar', unit: 'half' },
    { type: 'calendar', unit: 'fiscalYear', firstMonth: 4 },
    { type: 'rolling', months: 12 },
    { type: 'rolling', days: 30 },
    { type: 'rolling', months: 1, days: 10 },
    { type: 'membershipYear' },
    { type: 'membershipYear', leapDay: '03-01' },
    { type: 'sinceTier' },
    { type: 'lifetime' },
  ])('is published as it came: %j', (body) => {
    expect(read(body)).toEqual(body);
  });

  it.each([
    [{ type: 'calendar' }, ['/unit']],
    [{ type: 'calendar', unit: 'month', months: 3 }, ['/months']],
    [{ type: 'calendar', unit: 'month', days: 3 }, ['/days']],
    [{ type: 'calendar', unit: 'fiscalYear' }, ['/window/firstMonth']],
    [{ type: 'calendar', unit: 'year', firstMonth: 4 }, ['/window/firstMonth']],
    [{ type: 'calendar', unit: 'fiscalYear', firstMonth: 13 }, ['/firstMonth']],
    [{ type: 'rolling' }, ['/window/months']],
    [{ type: 'rolling', months: 37 }, ['/months']],
    [{ type: 'rolling', days: 1101 }, ['/days']],
    [{ type: 'rolling', days: 3, unit: 'month' }, ['/unit']],
    [{ type: 'lifetime', days: 3 }, ['/days']],
    [{ type: 'sinceTier', leapDay: '03-01' }, ['/leapDay']],
    [{ type: 'membershipYear', leapDay: '02-29' }, ['/leapDay']],
  ])('is refused where it says too much or too little: %j', (body, pointers) => {
    expect(faultsOf(body)).toEqual(pointers);
  });
});
