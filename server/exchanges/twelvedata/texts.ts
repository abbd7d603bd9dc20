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
