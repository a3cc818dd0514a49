import ArgumentParser

/// How a command reports: as tables or JSON on standard output, and what it says on standard error.
public struct ReportOptions: ParsableArguments {
    @Flag(help: "Print one JSON object instead of tables.")
    public var json = false

    @OptionGroup public var logging: LoggingOptions

    public init() {}
}
