// swift-tools-version: 6.1
import PackageDescription

// Trials run on vectors of eight numbers. The flags let the compiler use the vector units that every x86-64-v3 processor
// has (AVX2 and fused multiply-add; since 2013); without them the same bits come out, slowly. TRIALGEN_ARCHITECTURE names
// another level; CProcessor says a sentence on a processor that lacks it. Exclusive access to the buffers of the inner
// loops is not checked at run time: they belong to one thread each.
#if arch(x86_64)
    let architecture = Context.environment["TRIALGEN_ARCHITECTURE"] ?? "x86-64-v3"
    let vector = ["-Xcc", "-march=\(architecture)"]
    let level: [CSetting] = architecture == "x86-64" ? [] : [.define("TRIALGEN_LEVEL", to: "\"\(architecture)\"")]
#else
    let vector: [String] = []
    let level: [CSetting] = []
#endif
let vectorCode: [SwiftSetting] = [.unsafeFlags(vector + ["-enforce-exclusivity=unchecked"])]

// `make documentation` adds the plugin that writes pages for a browser; nothing else needs it.
let documentation: [Package.Dependency] =
    Context.environment["TRIALGEN_DOCUMENTATION"] == nil
    ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.5")]

// Optimising tests takes longer than running them; what they test is optimised.
let tests: [SwiftSetting] = [.unsafeFlags(["-Onone"])]

// The list runs from the ground up: a target depends only on targets that stand above it.
let package = Package(
    name: "trialgen",
    products: [
        .executable(name: "trialgen", targets: ["trialgen"]),
        .executable(name: "trialmerge", targets: ["trialmerge"]),
        .library(name: "Diagnostics", targets: ["Diagnostics"]),
        .library(name: "IceTracks", targets: ["IceTracks"]),
        .library(name: "PointSource", targets: ["PointSource"]),
        .library(name: "Trials", targets: ["Trials"]),
        .library(name: "Inference", targets: ["Inference"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ] + documentation,
    targets: [
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),
        .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])]),
        .target(name: "CProcessor", cSettings: level),
        .target(name: "Diagnostics"),
        .target(name: "Digests", dependencies: ["CNettle"]),
        .target(name: "HDF5", dependencies: ["CHDF5", "Diagnostics"]),
        .target(name: "Numerics", dependencies: ["CProcessor", "Diagnostics"], swiftSettings: vectorCode),
        .target(name: "IceTracks", dependencies: ["Diagnostics", "Digests", "Numerics"]),
        .target(
            name: "PointSource", dependencies: ["Diagnostics", "Numerics", "IceTracks"], swiftSettings: vectorCode),
        .target(
            name: "Trials",
            dependencies: [
                "Diagnostics", "Digests", "HDF5", "Numerics", "IceTracks", "PointSource",
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(name: "Inference", dependencies: ["Diagnostics", "Numerics", "CGSL"]),
        .target(
            name: "Console",
            dependencies: [
                "Diagnostics", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "Report", dependencies: ["Diagnostics", "PointSource", "Trials", "Inference", "Console"]),
        .target(name: "Summaries", dependencies: ["PointSource", "Trials", "Inference", "Console"]),
        .executableTarget(
            name: "trialgen",
            dependencies: [
                "Diagnostics", "IceTracks", "PointSource", "Trials", "Inference", "Console", "Summaries",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            // Links to the files in condor/ and jobs/, which `trialgen plan` fills in, and in docs/examples, which
            // `trialgen config --init` writes.
            resources: [
                "campaign.dag", "run-job", "step", "step.sub", "trials.sub", "submit", "trials.slurm", "merge.slurm",
                "steady-source.yaml", "source-list.yaml", "gamma-curve.yaml", "energy-curve.yaml",
            ].map { .embedInCode("Templates/\($0)") }
        ),
        .executableTarget(
            name: "trialmerge",
            dependencies: [
                "Diagnostics", "PointSource", "Trials", "Inference", "Console", "Report", "Summaries",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(
            name: "storetool",
            dependencies: [
                "Diagnostics", "Numerics", "PointSource", "Trials",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "tools/storetool"
        ),
        .executableTarget(
            name: "closure",
            dependencies: [
                "PointSource", "Trials", "Inference", "Console",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "tools/statistics/closure"
        ),

        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: tests),
        .testTarget(name: "DigestsTests", dependencies: ["Digests", "Diagnostics"], swiftSettings: tests),
        .testTarget(name: "HDF5Tests", dependencies: ["HDF5"], swiftSettings: tests),
        .testTarget(name: "NumericsTests", dependencies: ["Numerics"], swiftSettings: tests),
        .testTarget(name: "IceTracksTests", dependencies: ["IceTracks"], swiftSettings: tests),
        .testTarget(name: "PointSourceTests", dependencies: ["PointSource"], swiftSettings: tests),
        .testTarget(name: "TrialsTests", dependencies: ["Trials"], swiftSettings: tests),
        .testTarget(name: "InferenceTests", dependencies: ["Inference", "Numerics"], swiftSettings: tests),
        .testTarget(
            name: "ReportTests", dependencies: ["Report", "Inference", "Trials", "Diagnostics"], swiftSettings: tests),
        .testTarget(name: "ConsoleTests", dependencies: ["Console", "Diagnostics"], swiftSettings: tests),
        .testTarget(
            name: "ParityTests", dependencies: ["PointSource", "IceTracks", "Numerics"], exclude: ["Reference"],
            swiftSettings: tests),
        .testTarget(
            name: "CommandLineTests", dependencies: ["trialgen", "trialmerge", "Trials"],
            exclude: ["Fetch/dataverse.py", "Fetch/zips.py", "VerifyRelease/toy-numbers.txt"], swiftSettings: tests),
    ],
    swiftLanguageModes: [.v6]
)
