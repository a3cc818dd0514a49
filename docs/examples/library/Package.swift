// swift-tools-version: 6.1
import PackageDescription

// A program of one's own on trialgen's modules. Elsewhere, give the address of the repository and a revision in place of
// the path (README.md beside this file says why not a version).
let package = Package(
    name: "first-sensitivity",
    dependencies: [.package(name: "trialgen", path: "../../..")],
    targets: [
        .executableTarget(
            name: "first-sensitivity",
            dependencies: [
                "IceTracks", "ToyRelease", "PointSource", "Settings", "TrialMaking", "TrialStore", "Inference",
            ].map {
                .product(name: $0, package: "trialgen")
            }
        )
    ]
)
