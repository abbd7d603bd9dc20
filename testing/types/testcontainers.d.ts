/**
 * What `papertape/testcontainers` uses of testcontainers 11, so that this repository need not install it: 174 packages, three of them with
 * install scripts. A user's own installation takes its place.
 */
declare module 'testcontainers' {
  export interface WaitStrategy {
    withStartupTimeout(startupTimeoutMs: number): WaitStrategy;
  }
  interface HttpWaitStrategy extends WaitStrategy {
    forStatusCode(status: number): HttpWaitStrategy;
  }
  export const Wait: {
    forHttp(path: string, port: number): HttpWaitStrategy;
    forAll(strategies: WaitStrategy[]): WaitStrategy;
  };
  export interface StartedTestContainer extends AsyncDisposable {
    getHost(): string;
    getMappedPort(port: number): number;
  }
  export class AbstractStartedContainer implements StartedTestContainer {
    constructor(startedTestContainer: StartedTestContainer);
    stop(): Promise<unknown>;
    getHost(): string;
    getMappedPort(port: number): number;
    [Symbol.asyncDispose](): Promise<void>;
  }
  export class GenericContainer {
    protected environment: Record<string, string>;
    constructor(image: string);
    start(): Promise<StartedTestContainer>;
    withEnvironment(environment: Record<string, string>): this;
    withExposedPorts(...ports: number[]): this;
    withWaitStrategy(waitStrategy: WaitStrategy): this;
    withCopyFilesToContainer(files: { source: string; target: string; mode?: number }[]): this;
    withCopyContentToContainer(contents: { content: string; target: string; mode?: number }[]): this;
  }
}
