import { z } from 'zod';
import type { MarketEvent } from '../../market/event.ts';
import { rejected, ruleKind, type Rejection } from './rule.ts';

/** Prices that no market has: zero, negative, infinite. A side of a quote may be empty, which its price 0 says; indices and spreads may be below zero. */
export const saneValues = ruleKind({
  options: z.strictObject({}).meta({ description: 'Refuses prices that are not above zero, and sizes below it.' }),
  create: () => ({ judge: (event) => fault(event) ?? event }),
});

function fault(event: MarketEvent): Rejection | undefined {
  // A calendar spread of futures trades at prices below zero.
  if (event.market === 'futures') return undefined;
  switch (event.kind) {
    case 'trade':
      return price('price', event.price) ?? amount('size', event.size);
    case 'quote':
      return (
        amount('bid price', event.bidPrice) ??
        amount('ask price', event.askPrice) ??
        amount('bid size', event.bidSize) ??
        amount('ask size', event.askSize)
      );
    case 'price':
      return price('price', event.price);
    case 'bar':
    case 'updated-bar':
    case 'daily-bar':
    case 'second-bar':
      return (
        price('open', event.open) ??
        price('high', event.high) ??
        price('low', event.low) ??
        price('close', event.close) ??
        amount('volume', event.volume)
      );
    case 'correction':
      return price('corrected price', event.corrected.price) ?? amount('corrected size', event.corrected.size);
    case 'status':
    case 'luld':
    case 'imbalance':
    case 'cancel':
    case 'book':
    case 'value':
    case 'news':
    case 'fair-value':
    case 'pricing':
      return undefined;
  }
}

function price(name: string, value: number): Rejection | undefined {
  return value > 0 && value < Infinity ? undefined : rejected(`${name} ${value} is not above zero`);
}

function amount(name: string, value: number): Rejection | undefined {
  return value >= 0 && value < Infinity ? undefined : rejected(`${name} ${value} is below zero`);
}
