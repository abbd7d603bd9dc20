/** An error as the vendor tells it, over HTTP and where an upgrade is refused (sheet §1, §5). */
export interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly status: 'error';
}

export const errorBody = (code: number, message: string): ErrorBody => ({ code, message, status: 'error' });

const keyHint =
  'You can get your free API key instantly following this link: https://twelvedata.com/pricing. ' +
  'If you believe that everything is correct, you can contact us at https://twelvedata.com/contact/customer';
const keyWrong = '**apikey** parameter is incorrect or not specified.';
const upgrade = 'at https://twelvedata.com/pricing';

/** Captured over HTTP (sheet §5). */
export const badKey = errorBody(401, `${keyWrong} ${keyHint}`);
/** Of an upgrade without any key; supposed (transcript missing_key). */
export const noKey = errorBody(401, keyWrong);

/** Captured (sheet §3). */
export function tooManyEvents(count: number, limit: number): string {
  return (
    `The server received ${count} events from you, which exceeds the limit of ${limit} events per minute. ` +
    'You may wait for the next minute or contact our technical support to increase the limits.'
  );
}

/** Captured, the end of the one for a day supposed to be like that for a minute (sheet §5). */
export function outOfCredits(span: 'minute' | 'day', used: number, limit: number): ErrorBody {
  const during = span === 'minute' ? 'the current minute' : 'the day';
  return errorBody(
    429,
    `You have run out of API credits for ${during}. ${used} API credits were used, with the current limit being ${limit}. ` +
      `Wait for the next ${span} or consider switching to a higher tier plan ${upgrade}`,
  );
}

/** Captured (sheet §5). */
export const unknownSymbol = errorBody(
  404,
  '**symbol** or **figi** parameter is missing or invalid. Please provide a valid symbol according to API documentation: ' +
    'https://twelvedata.com/docs#reference-data',
);
/** Captured (sheet §5). */
export const symbolNotInPlan = errorBody(
  404,
  `This symbol is available starting with the Grow or Venture plan. Consider upgrading now ${upgrade}`,
);
/** In the words captured for /dividends (sheet §5). */
export const extendedHoursNotInPlan = errorBody(
  403,
  `**prepost** is available exclusively with pro or ultra or venture or enterprise plans. Consider upgrading your API Key now ${upgrade}`,
);
/** Captured (sheet §5). */
export const noValues = errorBody(
  400,
  'No data is available on the specified dates. Try setting different start/end dates.',
);
/** Documented (sheet §5). */
export const internalError = errorBody(500, 'Internal server error');
