/// An option of `staticd serve` that a setting of a Django project stands for.
public struct ServingOption: Sendable, Equatable {
  /// The option's long name, without hyphens.
  public let option: String
  /// The setting.
  public let setting: String
  /// The option's value; empty for a switch.
  public let value: String

  /// An option, and the setting that it comes from.
  public init(option: String, setting: String, value: String) {
    (self.option, self.setting, self.value) = (option, setting, value)
  }
}
