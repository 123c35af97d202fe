# Tarjetas, beneficiarios, datos de contacto, avisos, viajes y casos.
cards-none = No tienes tarjetas.
cards-list = Tus tarjetas:
    { $list }
card-active = - { $name }: activa, hasta { $limit } al día
card-frozen = - { $name }: congelada por ahora, hasta { $limit } al día
card-blocked = - { $name }: bloqueada para siempre
card-ordered = - { $name }: nueva, en camino, prevista para el { $day }
card-ordered-open = - { $name }: nueva, en camino
card-stands = Con esa tarjeta no se puede hacer tal como está ahora. Di “muéstrame mis tarjetas” para ver cómo está cada una.
no-card = No tienes ninguna tarjeta con la que se pueda hacer.
no-card-freeze = No tienes ninguna tarjeta que se pueda congelar.
no-card-unfreeze = No tienes ninguna tarjeta congelada.

cases-none = No tienes casos.
cases-list = Tus casos:
    { $list }
case-line = - { $case }: { $description } { $amount }, abierto desde el { $opened }
alerts-none = No tienes avisos de saldo.
alerts-list = Tus avisos de saldo:
    { $list }
alerts-which = No se ha cambiado nada, porque no sé con seguridad cuál es. Di su cantidad. Estos son los tuyos:
    { $list }
alert-line = - { $account }: por debajo de { $below }
contact-none = ninguno
profile = Así te localiza el banco:
    - Correo: { $email }
    - Teléfono: { $phone }
    - Dirección: { $address }
profile-trip = - Viaje a { $place }, del { $from } al { $until }
account-details = Para { $name }:
    - Número de cuenta: { $number }
    - Número de ruta: { $routing }
account-details-number = El número de cuenta de { $name } es { $number }. Aquí no hay número de ruta configurado; está en tu extracto.

what-freeze = congelar tu { $card }. No pagará hasta que la descongeles.
what-unfreeze = descongelar tu { $card }, para que vuelva a pagar.
what-block-lost = bloquear { $cards } para siempre por pérdida, y pedir una nueva. No se puede deshacer.
what-block-stolen = bloquear { $cards } para siempre por robo, y pedir una nueva. No se puede deshacer.
what-replace = pedir una nueva en lugar de tu { $card }. La actual sigue funcionando hasta que llegue la nueva.
what-limit = poner el límite diario de tu { $card } en { $limit }.
what-travel = anotar un viaje a { $place } del { $from } al { $until }.
what-add-payee = guardar a { $name }, cuenta { $number }, como beneficiario.
what-remove-payee = quitar a { $name } de tus beneficiarios; las órdenes permanentes a su favor siguen hasta que las canceles.
what-remove-payees = quitar de tus beneficiarios a: { $names }. Las órdenes permanentes a su favor siguen hasta que las canceles.
what-email = cambiar tu correo a { $value }.
what-phone = cambiar tu teléfono a { $value }.
what-address = cambiar tu dirección a { $value }.
what-alert = avisarte cuando el saldo de { $account } baje de { $below }.
what-change-alert = avisarte cuando el saldo de { $account } baje de { $below }, en lugar de { $before } como ahora.
what-remove-alert = terminar ese aviso de saldo.
alert-named = { $account } por debajo de { $below }
what-remove-alerts = { $count ->
    [1] quitar esta alerta de saldo: { $list }.
   *[other] quitar estas { $count } alertas de saldo: { $list }.
 }
what-end-order = terminar esta orden: { $what } { $schedule }. No se harán más pagos; lo que ya se pagó queda pagado.
what-skip = saltar un pago, el del { $due }: { $what } { $schedule }. El siguiente será el { $next }.
what-skip-last = saltar el último pago, el del { $due }: { $what } { $schedule }.
what-dispute = abrir un caso por «{ $transaction }». Lo que pasa: { $reason }. Una persona mira cada caso.
what-dispute-one = abrir un caso por esa transacción. Lo que pasa: { $reason }. Una persona mira cada caso.
reason-not-mine = no la hiciste tú
reason-duplicate = se cobró más de una vez
reason-wrong-amount = la cantidad está mal
reason-not-received = lo que pagaste no llegó
reason-other = otra cosa

change-done = Hecho. { $what }
change-before = No hay nada que espere tu respuesta. Eso ya se hizo, y una sola vez: { $what }
change-dropped = De acuerdo, no se ha cambiado nada.
change-unknown = Ya no lo encuentro, así que no se ha cambiado nada.
change-state = Tal como están ahora las cosas no se puede hacer, así que no se ha cambiado nada.
payee-saved = Ese beneficiario ya está guardado.
done-freeze = Tu { $card } está congelada. Di “descongela mi tarjeta” cuando la quieras de vuelta.
done-unfreeze = Tu { $card } vuelve a estar activa.
done-block = { $count ->
    [1] { $cards } está ahora bloqueada. Hay una nueva pedida que termina en …{ $ends }.
   *[other] { $cards } están ahora bloqueadas. Hay nuevas pedidas que terminan en …{ $ends }.
 }
done-replace = Hay una tarjeta nueva pedida, que termina en …{ $end }, en lugar de tu { $card }.
done-limit = Tu { $card } paga ahora hasta { $limit } al día.
done-travel = Tu viaje a { $place } del { $from } al { $until } queda anotado.
done-add-payee = { $name } ({ $number }) es ahora uno de tus beneficiarios.
done-remove-payee = Ese beneficiario ya no está guardado.
done-remove-payees = Esos beneficiarios ya no están guardados.
done-email = Tu correo es ahora { $value }.
done-phone = Tu teléfono es ahora { $value }.
done-address = Tu dirección es ahora { $value }.
done-alert = Se te avisará cuando el saldo de { $account } baje de { $below }.
done-change-alert = Te avisaré cuando el saldo de { $account } baje de { $below }, ya no de { $before }.
done-remove-alert = Ese aviso ha terminado.
done-remove-alerts = { $count ->
    [1] Esa alerta ya no está: { $list }.
   *[other] Esas { $count } alertas ya no están: { $list }.
 }
done-end-order = Cancelado: { $what }. No se harán más pagos; lo que ya se pagó queda pagado.
done-skip = Se salta el pago del { $due }: { $what }. El siguiente es el { $next }.
done-skip-last = Se salta el pago del { $due }: { $what }. Era el último.
done-dispute = El caso { $case } se abrió el { $at }: { $reason }. Una persona lo mirará y te contestará aquí.

dispute-which = ¿Qué transacción es? Dime su número, o dónde, cuándo o cuánto:
    { $list }
dispute-none-fits = No he encontrado ninguna transacción que encaje. Estas son las últimas; dime un número, o dónde, cuándo o cuánto fue:
    { $list }
dispute-none = No he encontrado ninguna transacción que encaje. Di dónde, cuándo o cuánto fue, o “hablar con una persona”.

ask-card = ¿Qué tarjeta es?
ask-card-report = ¿Qué tarjeta bloqueo ahora? Deja de pagar al momento.
ask-limit = ¿Cuánto debe poder pagar al día?
ask-below = ¿Por debajo de qué cantidad te aviso?
ask-payee-name = ¿Cómo se llama el beneficiario?
ask-payee-number = ¿Cuál es su número de cuenta?
ask-payee-remove = ¿Qué beneficiario quito?
ask-account = ¿Qué cuenta es?
ask-place = ¿Adónde vas?
ask-days = ¿De qué día a qué día?
ask-contact = ¿Qué quieres cambiar: tu dirección, tu correo o tu teléfono?
ask-value = ¿Cuál debe ser?
trouble-unknown-card = No veo ninguna tarjeta tuya “{ $words }”.
trouble-past-days = Esos días ya han pasado.
trouble-email = Eso no es una dirección de correo.
trouble-phone = Eso no es un número de teléfono.
trouble-address = Necesito calle, número y población.
