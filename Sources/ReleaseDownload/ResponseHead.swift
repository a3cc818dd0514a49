/// The status line and headers of an HTTP response, as `curl --dump-header` writes them.
struct ResponseHead: Sendable, Equatable {
    /// The status of the last response, after those of proxies and redirections; 0 if there is none.
    var status = 0
    /// The wait requested by the server, in seconds; nil if none is given, or it is a date.
    var retryAfter: Double?
    /// Bytes of the body, if stated.
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
