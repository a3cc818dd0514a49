extension ConfigurationLayer {
    /// The variable that names the release's folder for all commands.
    public static let dataVariable = "TRIALGEN_DATA"

    /// What the environment says: `TRIALGEN_DATA`, the release's folder. Files and flags win over it.
    public init(environment: [String: String]) {
        self.init()
        guard let data = environment[Self.dataVariable], !data.isEmpty else { return }
        set(\.data, data, as: .data, at: .field("$" + Self.dataVariable))
    }
}
