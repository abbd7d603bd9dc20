/** What a client may have at most of something while a fault says so, whatever its plan. */
export interface Cap {
  readonly most: number;
  /** That was in the way, and its plan was not. */
  met(): void;
}
