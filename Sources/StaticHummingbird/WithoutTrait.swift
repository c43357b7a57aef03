#if !Hummingbird
  /// Unavailable without the trait `Hummingbird`.
  @available(*, unavailable, message: "add traits: [\"Hummingbird\"] for staticd")
  public struct StaticAssetsMiddleware {
    /// Accepts any argument, so that the only error is the one about the trait.
    public init(_ assets: Any) {}
  }

  /// Unavailable without the trait `Hummingbird`.
  @available(*, unavailable, message: "add traits: [\"Hummingbird\"] for staticd")
  public struct StaticAssetsService {
    /// Accepts any argument, so that the only error is the one about the trait.
    public init(_ assets: Any) {}
  }
#endif
