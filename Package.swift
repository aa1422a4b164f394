// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where it counts, and no nuisance while one is typing.
let warningsAreErrors = Context.environment["CI"] != nil

let swiftSettings: [SwiftSetting] =
  [.strictMemorySafety(), .swiftLanguageMode(.v6)]
  + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])
let cSettings: [CSetting] = warningsAreErrors ? [.treatAllWarnings(as: .error)] : []

// What `make` says of the commit. Context.gitInformation is that of an older one where the manifest
// is as it was then.
let commit = Context.environment["XREGIONCAP_COMMIT"] ?? ""

let package = Package(
  name: "xregioncap",
  products: [
    .executable(name: "xregioncap", targets: ["xregioncap"]),
    .library(name: "ScreenSource", targets: ["ScreenSource"]),
    .library(name: "CropEngine", targets: ["CropEngine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .target(
      name: "CX11",
      cSettings: cSettings,
      linkerSettings: [
        .linkedLibrary("X11"), .linkedLibrary("Xext"), .linkedLibrary("Xfixes"),
        .linkedLibrary("Xrandr"), .linkedLibrary("Xdamage"), .linkedLibrary("Xcomposite"),
        .linkedLibrary("Xi"), .linkedLibrary("X11-xcb"), .linkedLibrary("xcb"),
        .linkedLibrary("xcb-shm"),
      ]),
    .target(name: "CLinux", cSettings: cSettings),
    .target(name: "CCommit", cSettings: cSettings + [.define("COMMIT", to: "\"\(commit)\"")]),
    .systemLibrary(name: "CYUV", providers: [.apt(["libyuv-dev"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
    .target(name: "CropEngine", swiftSettings: swiftSettings),
    .target(
      name: "ScreenSource", dependencies: ["CropEngine", "CX11"], swiftSettings: swiftSettings),
    .target(
      name: "FrameOutput", dependencies: ["CropEngine", "CYUV", "CPNG", "CLinux"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "xregioncap",
      dependencies: [
        "CropEngine", "ScreenSource", "FrameOutput", "CLinux", "CCommit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    .executableTarget(
      name: "follow-target", dependencies: ["CropEngine", "ScreenSource"],
      path: "Examples/FollowTarget", swiftSettings: swiftSettings),

    // Tests. What they share is no product; xstorm is a client that moves windows without rest.
    .target(
      name: "CXClient", path: "Tests/CXClient",
      linkerSettings: [
        .linkedLibrary("X11"), .linkedLibrary("Xext"), .linkedLibrary("Xfixes"),
        .linkedLibrary("Xrandr"), .linkedLibrary("Xrender"), .linkedLibrary("Xcomposite"),
      ]),
    .target(
      name: "TestSupport", dependencies: ["CXClient", "CropEngine"], path: "Tests/TestSupport"),
    .executableTarget(
      name: "xstorm", path: "Tests/xstorm",
      linkerSettings: [
        .linkedLibrary("X11"), .linkedLibrary("Xext"), .linkedLibrary("Xrandr"),
      ]),
    .testTarget(name: "CropEngineTests", dependencies: ["CropEngine", "TestSupport"]),
    .testTarget(
      name: "FrameOutputTests", dependencies: ["FrameOutput", "TestSupport", "CXClient"]),
    .testTarget(
      name: "ScreenSourceTests", dependencies: ["ScreenSource", "TestSupport", "xstorm"]),
    .testTarget(
      name: "CommandTests", dependencies: ["TestSupport", "xregioncap", "follow-target"],
      // Built by a test, to be loaded into the command.
      exclude: ["Fixtures"]),
  ]
)
