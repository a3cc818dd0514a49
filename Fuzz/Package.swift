// swift-tools-version: 6.1
import PackageDescription

// Apart from the package itself: it is built with libFuzzer and the sanitizer, by the flags that tools/fuzz gives.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "trialgen", path: "..")],
    targets: [
        .systemLibrary(name: "CLibFuzzer"),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "CLibFuzzer", .product(name: "Diagnostics", package: "trialgen"),
                .product(name: "IceTracks", package: "trialgen"),
                .product(name: "ReleaseDownload", package: "trialgen"),
                .product(name: "ToyRelease", package: "trialgen"), .product(name: "PointSource", package: "trialgen"),
                .product(name: "Settings", package: "trialgen"), .product(name: "TrialStore", package: "trialgen"),
                .product(name: "TrialMaking", package: "trialgen"), .product(name: "Results", package: "trialgen"),
                .product(name: "Console", package: "trialgen"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
