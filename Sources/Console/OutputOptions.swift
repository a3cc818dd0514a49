import ArgumentParser

/// The format of results on standard output, and the messages on standard error.
public struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object instead of tables.")
    public var json = false

    @OptionGroup public var logging: LoggingOptions

    public init() {}
}
