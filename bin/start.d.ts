export declare const root: string
export declare function install(folder?: string): void
export declare function node(): string
export declare function build(): void
export declare function exec(args: string[], env?: Record<string, string>): void
