#if !Hummingbird
  /// The middleware is there with the trait `Hummingbird`.
  @available(*, unavailable, message: "add traits: [\"Hummingbird\"] for staticd")
  public struct StaticAssetsMiddleware {
    /// Takes anything, so that the one error tells of the trait.
    public init(_ assets: Any) {}
  }

  /// The service is there with the trait `Hummingbird`.
  @available(*, unavailable, message: "add traits: [\"Hummingbird\"] for staticd")
  public struct StaticAssetsService {
    /// Takes anything, so that the one error tells of the trait.
    public init(_ assets: Any) {}
  }
#endif
