/// The status line and headers of an HTTP response, as `curl --dump-header` writes them.
struct ResponseHead: Sendable, Equatable {
    /// Of the last response: a proxy's and those of redirections come before it. 0 if there is none.
    var status = 0
    /// How long the server wants us to wait, in seconds; nil if it does not say, or names a date.
    var retryAfter: Double?
    /// Bytes of the body, if the server says.
    var contentLength: Int?

    init(parsing text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("HTTP/") {
                let fields = line.split(separator: " ", maxSplits: 2)
                (status, retryAfter, contentLength) = (fields.count > 1 ? Int(fields[1]) ?? 0 : 0, nil, nil)
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            let digits = value.prefix { $0.isASCII && $0.isNumber }
            switch line[..<colon].lowercased() {
            case "retry-after": retryAfter = Double(digits)
            case "content-length": contentLength = Int(digits)
            default: break
            }
        }
    }
}
