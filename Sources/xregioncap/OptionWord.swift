import ArgumentParser

/// An option's value that is one of a few words.
///
/// What it says of them the parser would find out by itself: at each start, and slowly.
protocol OptionWord: ExpressibleByArgument, CaseIterable, RawRepresentable
where RawValue == String {}

extension OptionWord {
  /// The words.
  public static var allValueStrings: [String] { allCases.map { $0.rawValue } }

  /// No more than the words is said of them.
  public static var allValueDescriptions: [String: String] { [:] }
}
