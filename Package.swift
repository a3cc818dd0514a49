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
        .library(name: "ReleaseDownload", targets: ["ReleaseDownload"]),
        .library(name: "ToyRelease", targets: ["ToyRelease"]),
        .library(name: "PointSource", targets: ["PointSource"]),
        .library(name: "Settings", targets: ["Settings"]),
        .library(name: "TrialStore", targets: ["TrialStore"]),
        .library(name: "TrialMaking", targets: ["TrialMaking"]),
        .library(name: "Inference", targets: ["Inference"]),
        .library(name: "Console", targets: ["Console"]),
        .library(name: "Results", targets: ["Results"]),
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
        .target(name: "Files", dependencies: ["Diagnostics"]),
        .target(name: "HDF5", dependencies: ["CHDF5", "Diagnostics", "Files"]),
        .target(name: "Numerics", dependencies: ["CProcessor", "Diagnostics"], swiftSettings: vectorCode),
        .target(
            name: "StrictYAML",
            dependencies: ["Diagnostics", "Files", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "IceTracks",
            dependencies: [
                "Diagnostics", "Files", "Digests", "Numerics", "StrictYAML", .product(name: "Yams", package: "Yams"),
            ],
            // The definitions of the public releases.
            resources: ["IceTracks-DR1", "IceTracks-DR2-v1", "IceTracks-DR2"].map {
                .embedInCode("Catalogue/Releases/\($0).yaml")
            }),
        .target(name: "ToyRelease", dependencies: ["Diagnostics", "Files", "Numerics", "IceTracks"]),
        .target(name: "ReleaseDownload", dependencies: ["Diagnostics", "Files", "Digests", "IceTracks"]),
        .target(
            name: "PointSource", dependencies: ["Diagnostics", "Numerics", "IceTracks"], swiftSettings: vectorCode),
        .target(
            name: "Settings",
            dependencies: [
                "Diagnostics", "Files", "Digests", "Numerics", "StrictYAML", "IceTracks", "PointSource",
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .target(
            name: "TrialStore", dependencies: ["Diagnostics", "Files", "Digests", "HDF5", "PointSource", "Settings"]),
        .target(
            name: "TrialMaking",
            dependencies: ["Diagnostics", "Files", "Digests", "Numerics", "PointSource", "Settings", "TrialStore"]),
        .target(name: "Inference", dependencies: ["Diagnostics", "Numerics", "CGSL"]),
        .target(
            name: "Console",
            dependencies: [
                "Diagnostics", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .plugin(name: "SourceCommitPlugin", capability: .buildTool(), path: "Plugins/SourceCommit"),
        .target(name: "SourceCommit", plugins: ["SourceCommitPlugin"]),
        .target(
            name: "Results",
            dependencies: [
                "Diagnostics", "Files", "Numerics", "StrictYAML", "IceTracks", "PointSource", "Settings", "TrialStore",
                "Inference",
                "Console", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "Report",
            dependencies: [
                "Diagnostics", "Files", "IceTracks", "PointSource", "Settings", "TrialStore", "Inference", "Console",
                "Results",
            ]),
        .executableTarget(
            name: "trialgen",
            dependencies: [
                "Diagnostics", "Files", "HDF5", "Numerics", "StrictYAML", "IceTracks", "ToyRelease", "ReleaseDownload",
                "PointSource", "Settings", "TrialStore", "TrialMaking", "Inference", "Console", "SourceCommit",
                "Results",
                "Report",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            // Job files, which `trialgen plan` fills in, and examples, which `trialgen config --init` writes.
            resources: [
                "campaign.dag", "run-job", "step", "step.sub", "trials.sub", "submit", "trials.slurm", "merge.slurm",
                "steady-source.yaml", "source-list.yaml", "catalogue.yaml", "sky.yaml", "gamma-curve.yaml",
                "energy-curve.yaml",
                "sample.yaml",
            ].map { .embedInCode("Templates/\($0)") }
        ),
        .executableTarget(
            name: "trialmerge",
            dependencies: [
                "Diagnostics", "Files", "PointSource", "Settings", "TrialStore", "Inference", "Console", "SourceCommit",
                "Results", "Report",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(
            name: "storetool",
            dependencies: [
                "Diagnostics", "Numerics", "PointSource", "Settings", "TrialStore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "tools/storetool"
        ),
        .executableTarget(
            name: "closure",
            dependencies: [
                "Diagnostics", "Numerics", "PointSource", "Settings", "TrialStore", "TrialMaking", "Inference",
                "Console",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "tools/statistics/closure"
        ),

        .target(name: "TestSupport", dependencies: ["Diagnostics"], path: "Tests/Support"),
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: tests),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: tests),
        .testTarget(name: "DigestsTests", dependencies: ["Digests", "Diagnostics"], swiftSettings: tests),
        .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "TestSupport"], swiftSettings: tests),
        .testTarget(name: "NumericsTests", dependencies: ["Numerics"], swiftSettings: tests),
        .testTarget(name: "IceTracksTests", dependencies: ["IceTracks", "TestSupport"], swiftSettings: tests),
        .testTarget(name: "ToyReleaseTests", dependencies: ["ToyRelease", "TestSupport"], swiftSettings: tests),
        .testTarget(
            name: "ReleaseDownloadTests", dependencies: ["ReleaseDownload", "TestSupport"], swiftSettings: tests),
        .testTarget(
            name: "PointSourceTests", dependencies: ["PointSource", "Inference", "ToyRelease", "TestSupport"],
            swiftSettings: tests),
        .testTarget(
            name: "SettingsTests", dependencies: ["Settings", "StrictYAML", "TestSupport"], swiftSettings: tests),
        .testTarget(name: "TrialStoreTests", dependencies: ["TrialStore", "TestSupport"], swiftSettings: tests),
        .testTarget(
            name: "TrialMakingTests", dependencies: ["TrialMaking", "ToyRelease", "TestSupport"], swiftSettings: tests),
        .testTarget(
            name: "InferenceTests", dependencies: ["Inference", "Numerics", "TestSupport"], swiftSettings: tests),
        .testTarget(
            name: "ResultsTests",
            dependencies: ["Results", "Inference", "PointSource", "Settings", "Console", "Diagnostics", "TestSupport"],
            swiftSettings: tests),
        .testTarget(
            name: "ReportTests",
            dependencies: ["Report", "Results", "Inference", "TrialStore", "Diagnostics", "TestSupport"],
            swiftSettings: tests),
        .testTarget(name: "ConsoleTests", dependencies: ["Console", "Diagnostics"], swiftSettings: tests),
        .testTarget(
            name: "ParityTests",
            dependencies: ["PointSource", "IceTracks", "Inference", "ToyRelease", "Numerics", "TestSupport"],
            exclude: ["Reference"], swiftSettings: tests),
        .testTarget(
            name: "CommandLineTests", dependencies: ["CHDF5", "trialgen", "trialmerge", "TrialStore", "TestSupport"],
            exclude: ["Fetch/dataverse.py", "Fetch/zips.py", "VerifyRelease/toy-numbers.txt"], swiftSettings: tests),
    ],
    swiftLanguageModes: [.v6]
)
