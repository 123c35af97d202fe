# Lo que se ha leído: saldos, transacciones, sumas, facturas, beneficiarios, órdenes, extractos.
unknown-account = No veo ninguna cuenta tuya “{ $words }”.
balances-none = No tienes ninguna cuenta que pueda mostrar.
balance-one = El saldo de tu { $name } es { $standing }.
balances-list = Estos son tus saldos:
    { $list }
balance-line = - { $name }: { $standing }
balances-sum = En total, sin tarjetas: { $sum }
standing-owed = { $balance } (debes { $owed }; te queda { $available } de crédito)
standing-credit = { $balance } (te queda { $available } de crédito)
standing-available = { $balance } ({ $available } disponible)

transactions-none = No he encontrado transacciones{ $conditions }.
transactions-none-in = No he encontrado ingresos{ $conditions }.
transactions-list = { $count ->
    [1] He encontrado una transacción{ $conditions }:
   *[other] Aquí tienes { $count } transacciones{ $conditions }:
 }
transactions-list-in = { $count ->
    [1] He encontrado un ingreso{ $conditions }:
   *[other] Aquí tienes { $count } ingresos{ $conditions }:
 }
transactions-latest = { $count ->
    [1] He encontrado una transacción{ $conditions }:
   *[other] Aquí tienes las { $count } últimas transacciones{ $conditions }:
 }
transactions-latest-in = { $count ->
    [1] He encontrado un ingreso{ $conditions }:
   *[other] Aquí tienes los { $count } últimos ingresos{ $conditions }:
 }
transactions-largest = { $count ->
    [1] Esta es la transacción más grande{ $conditions }:
   *[other] Aquí tienes las { $count } transacciones más grandes{ $conditions }:
 }
transactions-largest-in = { $count ->
    [1] Este es el ingreso más grande{ $conditions }:
   *[other] Aquí tienes los { $count } ingresos más grandes{ $conditions }:
 }
transaction-line = - { $date }: { $description } { $amount }
transaction-line-of = - { $date }: { $description } { $amount } ({ $account })

spent-none = No he encontrado transacciones{ $conditions }: gastaste { $amount }.
received-none = No he encontrado transacciones{ $conditions }: recibiste { $amount }.
spent = { $count ->
    [1] Gastaste { $amount }{ $conditions }, en 1 transacción.
   *[other] Gastaste { $amount }{ $conditions }, en { $count } transacciones.
 }
received = { $count ->
    [1] Recibiste { $amount }{ $conditions }, en 1 transacción.
   *[other] Recibiste { $amount }{ $conditions }, en { $count } transacciones.
 }
spent-most = Lo que más:
    { $list }
spent-category = - { $category }: { $amount }
compared-more = Son { $difference } más que en el período anterior ({ $from } a { $to }), cuando fueron { $before }.
compared-less = Son { $difference } menos que en el período anterior ({ $from } a { $to }), cuando fueron { $before }.
compared-same = Es exactamente lo mismo que en el período anterior ({ $from } a { $to }).

bills-none = No tienes ninguna empresa dada de alta, así que no hay facturas que mostrar.
bills-list = Estas son tus facturas:
    { $list }
bill-due-on = - { $name }: { $amount }, vence el { $day }
bill-due = - { $name }: { $amount } pendiente
bill-nothing = - { $name }: nada pendiente
payees-none = No tienes beneficiarios guardados. Aun así puedes transferir dinero a un número de cuenta.
payees-list = Tus beneficiarios guardados:
    { $list }
payee-line = - { $name }

confirm-order = Por favor, confirma: { $what } { $schedule }. Tu único sí vale para todo ello. ¿Sigo adelante? Responde sí para confirmar o no para cancelar.
confirm-order-another = Ya tienes una orden como esta. Por favor, confirma que esta se añade a la otra: { $what } { $schedule }. ¿Sigo adelante? Responde sí para confirmar o no para cancelar.
confirm-order-change = Por favor, confirma el cambio: { $what } { $schedule }. Sustituye a la orden que tienes, que termina. ¿Sigo adelante? Responde sí para confirmar o no para dejarla como está.
confirm-pause = Por favor, confirma: dejar sin hacer los pagos del { $days } de esta orden permanente: { $what }. Vuelve a pagar desde el { $next }. ¿Sigo adelante? Responde sí para seguir o no para dejarla como está.
pause-nothing = No se ha cambiado nada: ningún pago de { $what } vence antes del { $until }. El próximo es el { $next }. También puedes decir «salta el próximo pago» o «cancélala».
ask-pause = ¿Hasta qué día hay que dejar sin hacer sus pagos? Di «hasta el 1 de febrero». También puedes decir «salta el próximo pago», o «cancelar» para no cambiar nada.
order-waits = Esto todavía espera tu sí o tu no: { $what } { $schedule }.
scheduled = Queda programado: { $what } { $schedule }. Todavía no se ha movido nada; cada pago se hace en su día si la cuenta tiene entonces el dinero.
schedule-changed = Queda cambiado: { $what } { $schedule }. La orden anterior ha terminado.
schedule-which-change = ¿Qué debe cambiar: la cantidad o los días? Es { $what } { $schedule }.
schedules-none = No tienes pagos programados ni órdenes permanentes.
schedules-list = Estos son tus pagos programados y órdenes permanentes:
    { $list }
schedules-which = No se ha cambiado nada, porque no sé con seguridad cuál es. Di a quién se paga, o cuál por su lugar. Estas son las tuyas:
    { $list }
schedule-line = - { $what } { $schedule }
schedule-line-next = - { $what } { $schedule }; la próxima vez el { $day }
order-bill = { $amount } para tu factura de { $target } desde { $source }
order-transfer = { $amount } desde { $source } a { $target }

statement = Extracto de { $name } del { $from } al { $to }:
    - Saldo inicial: { $opening }
    - Entradas: { $received }
    - Salidas: { $spent }
    - Saldo final: { $closing }
    - Transacciones: { $count }
